"""A foreign SP-API client at the simulator: python-amazon-sp-api with only its hosts changed.

Usage: client.py http://127.0.0.1:PORT (a simulator started with --demo --start 2026-03-01T00:00:00Z).
Prints what it checked; the first thing that is off ends it with a traceback and a non-zero status.
"""

import json
import sys
import urllib.request
from types import SimpleNamespace

from sp_api.api import OrdersV0, OrdersV20260101, Reports, Sellers, Solicitations
from sp_api.auth import AccessTokenClient
from sp_api.base.exceptions import SellingApiForbiddenException, SellingApiRequestThrottledException

ADDRESS = sys.argv[1]
GERMANY = "A1PA6795UKMFR9"
# Order 3 of the demo: merchant-fulfilled, in the middle of its window.
ORDER = "302-1000003-7654318"

# The hosts, and nothing else.
AccessTokenClient.scheme, AccessTokenClient.host = ADDRESS.split("//")[0] + "//", ADDRESS.split("//")[1]
MARKETPLACE = SimpleNamespace(endpoint=ADDRESS, marketplace_id=GERMANY, region="eu-west-1")
CREDENTIALS = {"lwa_app_id": "demo-client", "lwa_client_secret": "demo-secret", "refresh_token": "Atzr|demo-eu"}


def client(api):
    return api(MARKETPLACE, credentials=CREDENTIALS)


def control(path, body=None, method=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{ADDRESS}/_sim/{path}", data=data, method=method)
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def check(condition, what):
    if not condition:
        raise AssertionError(what)
    print(f"ok: {what}")


def orders():
    api, seen, token = client(OrdersV20260101), [], None
    while True:
        more = {"paginationToken": token} if token else {}
        page = api.search_orders(
            createdAfter="2026-01-01T00:00:00Z",
            marketplaceIds=[GERMANY],
            includedData=["FULFILLMENT", "PACKAGES"],
            maxResultsPerPage=3,
            **more,
        )
        seen += page.payload["orders"]
        token = page.next_token
        if not token:
            break
    check(len({order["orderId"] for order in seen}) == 4, "searchOrders lists the 4 German orders over 2 pages")
    order = api.get_order(ORDER, includedData=["FULFILLMENT", "PACKAGES"]).payload["order"]
    check(order["fulfillment"]["fulfillmentStatus"] == "SHIPPED", "getOrder shows the order as shipped")
    check(order["packages"][0]["packageStatus"]["status"] == "DELIVERED", "and its package as delivered")
    old = client(OrdersV0).get_orders(CreatedAfter="2026-01-01T00:00:00Z", MarketplaceIds=[GERMANY])
    check(len(old.payload["Orders"]) == 4, "getOrders of v0 lists the same orders")


def solicitation():
    api = client(Solicitations)

    def offered():
        links = api.get_solicitation_actions_for_order(ORDER, marketplaceIds=[GERMANY]).payload["_links"]
        return [action["name"] for action in links["actions"]]

    check(offered() == ["productReviewAndSellerFeedback"], "the action is offered")
    api.create_product_review_and_seller_feedback_solicitation(ORDER, marketplaceIds=[GERMANY])
    check(list(control("accepted")) == [ORDER], "the simulator has accepted the solicitation")
    check(offered() == [], "the action is no longer offered")
    try:
        api.create_product_review_and_seller_feedback_solicitation(ORDER, marketplaceIds=[GERMANY])
        check(False, "a second solicitation is refused")
    except SellingApiForbiddenException as refused:
        check("not available for this amazonOrderId" in str(refused), "a second solicitation is refused in Amazon's words")
    try:
        for _ in range(8):
            offered()
        check(False, "a burst is throttled")
    except SellingApiRequestThrottledException:
        check(True, "a burst is throttled")


def report():
    api = client(Reports)
    for gzip in (False, True):
        seller = next(one for one in control("sellers") if one["seller_id"] == "A1DEMOSELLEREU")
        control("sellers", {**seller, "gzip": gzip})
        created = api.create_report(
            reportType="GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
            marketplaceIds=[GERMANY],
            dataStartTime="2026-01-01T00:00:00Z",
        )
        report_id = created.payload["reportId"]
        status = api.get_report(report_id).payload["processingStatus"]
        check(status == "IN_QUEUE", "a new report waits in the queue")
        control("clock", {"step_seconds": 90})
        done = api.get_report(report_id).payload
        check(done["processingStatus"] == "DONE", "after 90 seconds it is done")
        document = api.get_report_document(done["reportDocumentId"], download=True)
        text = document.payload["document"]
        check(document.character_code.lower() == "cp1252", "the document says it is Cp1252")
        check("Küchenmesser für Gemüse, Größe M – 15 cm" in text, f"its product names are read (gzip: {gzip})")
        check(ORDER in text, "and the order is in it")


def record():
    kinds = {violation["kind"] for violation in control("violations")}
    check(kinds == {"user_agent", "repeat", "rate"}, "the simulator has judged the repeat, the burst and the user agent")
    calls = control("calls")
    check(all(call["seller"] == "A1DEMOSELLEREU" for call in calls), f"all {len(calls)} calls are recorded with their seller")


control("settings", {"public_url": ADDRESS}, method="PUT")
participations = client(Sellers).get_marketplace_participation().payload
check([one["marketplace"]["countryCode"] for one in participations] == ["DE", "FR"], "the seller sells in DE and FR")
orders()
solicitation()
report()
record()
print("the foreign client works with only its hosts changed")
