"""Mails to the customers of a shop of one's own, on the deployed system: a webhook over the public address leads to one mail, and
what SES or a customer says of it ends the mails to that address. A part of scenario.py."""

import base64
import datetime
import hashlib
import hmac
import json
import re
import secrets
import time
import urllib.error
import urllib.request
import uuid

import botocore.exceptions
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

import shop as seller
from processes import wait_until

SHOP = "tea"
# An invitation is due so many days after delivery: shared/core/src/mail/shop.rs, `invite_after_days`.
DAYS = 7
# Whoever sends is woken each minute, on the emulator ten seconds later; then the work itself.
TICK = 120


class Customers:
    """What the customers of the shop and the shop itself do: webhooks, links, and what arrives in their mailboxes."""

    def __init__(self, world):
        self.world = world
        self.secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        api = world.stack["public_url"].removeprefix("https://").split(".")[0]
        #: The same address at the emulator, which answers to a path and to no name of AWS's.
        self.address = f"{world.aws.url}/_aws/execute-api/{api}/$default"
        self.placed = {}

    def request(self, path, body=None, headers=None):
        """Status and text of what the public address answers; a body makes it a POST."""
        made = urllib.request.Request(self.address + path, data=body, headers=headers or {})
        try:
            with urllib.request.urlopen(made, timeout=60, context=self.world.aws.trust()) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def tell(self, news, secret=None):
        """A webhook in Renown's own form, signed by Standard Webhooks."""
        body = json.dumps(news).encode()
        webhook, at = f"msg_{uuid.uuid4().hex}", str(int(time.time()))
        key = base64.b64decode((secret or self.secret).removeprefix("whsec_"))
        signature = base64.b64encode(hmac.new(key, f"{webhook}.{at}.".encode() + body, hashlib.sha256).digest()).decode()
        headers = {"webhook-id": webhook, "webhook-timestamp": at, "webhook-signature": f"v1,{signature}", "Content-Type": "application/json"}
        return self.request(f"/hooks/generic/{SHOP}", body, headers)[0]

    def tell_as_shopify(self, topic, news):
        """A webhook of Shopify's, signed as Shopify does: over the raw bytes, with the secret as it is written."""
        body = json.dumps(news).encode()
        signature = base64.b64encode(hmac.new(self.secret.encode(), body, hashlib.sha256).digest()).decode()
        headers = {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": signature, "X-Shopify-Webhook-Id": str(uuid.uuid4())}
        return self.request(f"/hooks/shopify/{SHOP}", body, {**headers, "Content-Type": "application/json"})[0]

    def order(self, number, name, product):
        """An order whose invitation is due in some seconds: what was due before the shop went live is not made up for."""
        delivered = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=DAYS) + datetime.timedelta(seconds=5)

        def days_before(days):
            return (delivered - datetime.timedelta(days=days)).isoformat(timespec="seconds").replace("+00:00", "Z")

        self.placed[number] = {
            "type": "order",
            "order": {
                "id": str(number),
                "number": f"#{number}",
                "placed_at": days_before(3),
                "fulfilled_at": days_before(2),
                "delivered_at": days_before(0),
                "updated_at": days_before(0),
                "total": "25.50",
                "currency": "EUR",
                "items": [{"id": product, "title": f"Tee {product}"}],
                "customer": {
                    "email": f"{name.lower()}@customers.example",
                    "name": name,
                    "locale": "de-DE",
                    "country": "DE",
                    "consent": {"given": True, "at": days_before(30)},
                },
            },
        }
        return self.placed[number]

    def mails(self):
        """What SES has taken: name of whom each went to → the mails."""
        with urllib.request.urlopen(f"{self.world.aws.url}/_ministack/ses/messages", timeout=10, context=self.world.aws.trust()) as answer:
            taken = [mail for mails in json.loads(answer.read())["messages"].values() for mail in mails]
        found = {}
        for mail in taken:
            (address,) = mail["To"]
            found.setdefault(re.search(r"([\w.+-]+)@customers\.example", address)[1], []).append(mail)
        return found

    def count(self):
        """Name → how many mails."""
        return {name: len(mails) for name, mails in self.mails().items()}

    def states(self):
        """Order → the state of its invitation, as the table has it; none: not known, or nothing is owed."""
        found = {}
        for item in map(json.loads, self.world.items()):
            if item["pk"]["S"].startswith(f"SHOPORDERS#{SHOP}#"):
                order = {name: TypeDeserializer().deserialize(value) for name, value in item.items()}["body"]
                found[int(order["id"])] = order["mails"].get("invitation", {})
        return found

    def suppressed(self):
        """Why addresses are not written to."""
        items = [json.loads(item) for item in self.world.items()]
        return sorted(item["body"]["M"]["reason"]["S"] for item in items if item["pk"]["S"].startswith("SUPPRESS#"))

    def tick(self):
        """Whoever sends, now and not at the next minute; its summary."""
        answer = self.world.client("lambda").invoke(FunctionName=self.world.stack["functions"]["ses-send"], Payload=b"{}")
        said = json.loads(answer["Payload"].read())
        assert not answer.get("FunctionError"), said
        assert said["problems"] == [], said
        return said

    def tick_until(self, is_so, what):
        """Ticks until something is so: what is due in some seconds is not due at once."""

        def look():
            self.tick()
            return is_so()

        return wait_until(look, what, TICK, 2)

    def event(self, name, **what):
        """SES tells something of the first mail to somebody, through the topic of the stack."""
        mail = self.mails()[name][0]
        number = re.search(r"#(\d+)", mail["Subject"] + mail["BodyText"])[1]
        tags = {"renown-shop": [SHOP], "renown-order": [number], "renown-kind": ["invitation"], "ses:configuration-set": [self.world.stack["configuration_set"]]}
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        told = {
            **what,
            "mail": {"timestamp": now, "messageId": mail["MessageId"], "source": mail["Source"], "destination": mail["To"], "tags": tags},
        }
        self.world.client("sns").publish(TopicArn=self.world.stack["mail_topic"], Message=json.dumps(told))


def a_shop_is_added(world):
    """It listens: what its webhooks bring is known and nothing is sent. Who signs otherwise is not believed."""
    let_it_send(world)
    customers = Customers(world)
    write_the_shop(world, customers)
    assert customers.tell(customers.order(1, "Early", "T-0")) == 200
    assert 1 in customers.states(), customers.states()
    other = "whsec_" + base64.b64encode(b"another secret of thirty-two bytes").decode()
    assert customers.tell(customers.order(2, "Mallory", "T-0"), secret=other) == 401
    assert customers.tell_as_shopify("orders/updated", {"id": "no number"}) == 200, "what is signed and cannot be read is kept"
    assert customers.request("/hooks/shopify/nobody", b"{}")[0] == 401
    assert customers.request("/u/1-00", b"")[0] == 404
    for path, body in (("/", None), ("/hooks/generic/tea", None), ("/u", None), ("/dashboard", None)):
        assert customers.request(path, body)[0] == 404, f"{path}: the address has a route that nobody wrote"
    assert list(customers.states()) == [1], "a forged webhook was taken in"
    time.sleep(6)
    said = customers.tick()
    assert (said["sent"], said["listening"], customers.mails()) == (0, 1, {}), said
    return customers


def a_live_shop_writes_each_once(world, customers):
    """One mail for each order when the schedule fires; the same webhook again brings none."""
    set_it_live(world)
    for number, name in enumerate(("Ana", "Bob", "Carl"), 11):
        assert customers.tell(customers.order(number, name, "T-1")) == 200
    assert customers.tell_as_shopify("orders/updated", as_shopify(customers.order(14, "Dora", "T-1"))) == 200
    once = {name: 1 for name in ("ana", "bob", "carl", "dora")}
    # By its schedule, which nobody hastens.
    wait_until(lambda: customers.count() == once, f"one mail each, not {customers.count()}", TICK, 1)
    for number in (11, 12, 13):
        assert customers.tell(customers.placed[number]) == 200
    said = customers.tick()
    assert said["sent"] == 0 and customers.count() == once, (said, customers.count())
    (mail,) = customers.mails()["ana"]
    assert "reviews@mail.tea.example" in mail["Source"], mail
    for wanted in ("#11", "Lindenweg 5", world.stack["public_url"] + "/u/"):
        assert wanted in mail["BodyText"], (wanted, mail["BodyText"])
    assert customers.states()[11]["state"]["message"] == mail["MessageId"], customers.states()[11]
    # What fell due while the shop only listened is not made up for.
    assert "early" not in customers.count()


def what_customers_and_ses_say_ends_the_mails(world, customers):
    """Ana's mailbox is gone, Bob unsubscribes, Carl's mail program only looks at the link: of their next orders only his is
    written about."""
    customers.event("ana", eventType="Delivery", delivery={"timestamp": seller.ago(), "recipients": ["ana@customers.example"]})
    bounce = {"bounceType": "Permanent", "bounceSubType": "General", "timestamp": seller.ago(), "bouncedRecipients": [{"emailAddress": "Ana@Customers.example", "status": "5.1.1"}]}
    customers.event("ana", eventType="Bounce", bounce=bounce)
    customers.event("ana", eventType="Bounce", bounce=bounce)
    wait_until(lambda: customers.suppressed() == ["bounced"], "the bounce was heard of", 60, 1)
    link = {name: re.search(rf"{re.escape(world.stack['public_url'])}(/u/[\w-]+)", customers.mails()[name][0]["BodyText"])[1] for name in ("bob", "carl")}
    for name in ("bob", "carl"):
        for _ in range(2):
            status, page = customers.request(link[name])
            assert status == 200 and '<form method="post">' in page, (status, page)
    assert customers.suppressed() == ["bounced"], "a look at the link unsubscribed somebody"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(2):
        assert customers.request(link["bob"], b"List-Unsubscribe=One-Click", form)[0] == 200
    assert customers.suppressed() == ["bounced", "unsubscribed"]
    before = customers.count()
    for number, name in enumerate(("Ana", "Bob", "Carl"), 21):
        assert customers.tell(customers.order(number, name, "T-2")) == 200
    done = {21: "skipped", 22: "skipped", 23: "sent"}
    customers.tick_until(lambda: {n: is_in(customers.states()[n]) for n in done} == done, "two are skipped, one is written to")
    assert customers.count() == {**before, "carl": 2}, customers.count()
    assert customers.states()[11]["heard"].keys() == {"delivered", "bounced"}, customers.states()[11]


def nobody_else_tells_of_mails(world, customers):
    """Topic and queue take nothing of a stranger, and the queue nothing that came by another way."""
    stranger = {"aws_access_key_id": "999999999999", "aws_secret_access_key": "test"}
    for refused in (
        lambda: world.client("sns", **stranger).publish(TopicArn=world.stack["mail_topic"], Message="{}"),
        lambda: world.client("sqs", **stranger).send_message(QueueUrl=world.queue_url(world.stack["mail_events"]), MessageBody="{}"),
    ):
        try:
            refused()
        except botocore.exceptions.ClientError:
            continue
        raise AssertionError("a stranger's message was taken")
    assert customers.suppressed() == ["bounced", "unsubscribed"]


def a_paused_shop_writes_to_nobody(world, customers):
    """`renown pause` holds for mails too."""
    world.renown("pause")
    before = customers.count()
    assert customers.tell(customers.order(31, "Carl", "T-3")) == 200
    time.sleep(6)
    said = customers.tick()
    assert said["stopped"] == 1 and customers.count() == before, (said, customers.count())
    world.renown("resume")
    customers.tick_until(lambda: customers.count()["carl"] == 3, "it is written after all")


def as_shopify(told):
    """An order of Renown's own form as Shopify writes it."""
    order, buyer = told["order"], told["order"]["customer"]
    delivered = {"order_id": int(order["id"]), "status": "success", "shipment_status": "delivered"}
    return {
        "id": int(order["id"]),
        "name": order["number"],
        "email": buyer["email"],
        "created_at": order["placed_at"],
        "updated_at": order["updated_at"],
        "customer": {"first_name": buyer["name"], "email_marketing_consent": {"state": "subscribed", "consent_updated_at": buyer["consent"]["at"]}},
        "customer_locale": "de-DE",
        "shipping_address": {"country_code": "DE"},
        "line_items": [{"sku": item["id"], "title": item["title"]} for item in order["items"]],
        "fulfillment_status": "fulfilled",
        "fulfillments": [{**delivered, "created_at": order["fulfilled_at"], "updated_at": order["delivered_at"]}],
    }


def is_in(mail):
    """The name of a mail's state."""
    return mail.get("state", {}).get("is")


def let_it_send(world):
    """The domain is verified, as infra/README.md tells it. And the emulator asks for `ses:SendEmail` on everything, where AWS asks
    for it on the sender's domain and the configuration set: so here, and here alone, the role gets what it asks for; the template's
    right is held by static/test_rights.py."""
    world.client("sesv2").create_email_identity(EmailIdentity="mail.tea.example")
    role = world.client("lambda").get_function_configuration(FunctionName=world.stack["functions"]["ses-send"])["Role"].split("/")[-1]
    right = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
    world.client("iam").put_role_policy(RoleName=role, PolicyName="emulator", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [right]}))


def write_the_shop(world, customers):
    """A shop that mails at all hours: as `renown shop add` does it, by it where this program has it."""
    lines = ['from = "reviews@mail.tea.example"', 'postal_address = "Teehaus GmbH, Lindenweg 5, 10115 Berlin"']
    lines += ['review_url = "https://tea.example/review/{order}"', 'locale = "de"', 'country = "DE"']
    lines = [f'id = "{SHOP}"', 'name = "Teehaus"', *lines, "[mails]", "hours = { from = 0, to = 24 }"]
    if world.knows("shop"):
        (world.folder / "tea.toml").write_text("\n".join(lines) + "\n")
        customers.secret = world.renown("shop", "add", world.folder / "tea.toml")["webhook_secret"]
        return
    keys = {"identity": secrets.token_hex(32), "contacts": secrets.token_hex(32), "links": [{"id": "1", "key": secrets.token_hex(32)}]}
    for path, value in {"/renown/mail/keys": json.dumps(keys), f"/renown/hooks/{SHOP}": customers.secret}.items():
        world.client("ssm").put_parameter(Name=path, Value=value, Type="SecureString", KeyId=world.stack["key"])
    body = {
        "id": SHOP,
        "seller": seller.SELLER,
        "name": "Teehaus",
        "from": "reviews@mail.tea.example",
        "postal_address": "Teehaus GmbH, Lindenweg 5, 10115 Berlin",
        "review_url": "https://tea.example/review/{order}",
        "locale": "de",
        "country": "DE",
        "mails": {"hours": {"from": 0, "to": 24}},
        "since": int(time.time()) - 86400 * 60,
    }
    put(world, "SHOPS", SHOP, body)


def set_it_live(world):
    """As `renown mode live --shop` does it, by it where this program has it."""
    if world.knows("shop"):
        world.renown("mode", "live", "--shop", SHOP, "--yes")
        return
    item = world.client("dynamodb").get_item(TableName=world.stack["table"], Key={"pk": {"S": "CONTROL"}, "sk": {"S": "CONTROL"}}).get("Item")
    control = {name: TypeDeserializer().deserialize(value) for name, value in (item or {}).items()}
    body = control.get("body") or {}
    body["shops"] = {SHOP: {"live": {"since": int(time.time())}}}
    put(world, "CONTROL", "CONTROL", body, int(control.get("rev", 0)) + 1)


def put(world, pk, sk, body, revision=1):
    """An item as shared/io/src/ledger/item.rs writes it."""
    item = {"pk": pk, "sk": sk, "v": 1, "rev": revision, "w": "deployed-test", "body": body}
    world.client("dynamodb").put_item(TableName=world.stack["table"], Item={name: TypeSerializer().serialize(value) for name, value in item.items()})
