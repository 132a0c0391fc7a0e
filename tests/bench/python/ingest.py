"""The job of order-ingest as a plain Lambda handler in Python: boto3, one batch at a time.

    ingest.py ENDPOINT TABLE EVENTS

ENDPOINT is a DynamoDB, EVENTS a file of SQS events, one a line. Prints one JSON object: how many
messages and writes there were, and the seconds they took, on the clock and of the processor.
Start and imports are not in them, as they are not in a warm Lambda's.

For each batch: every message is parsed, changes are gathered by seller, seller and permissions
are read, orders are read together, merged, planned, and written on the condition that nobody
wrote meanwhile. Writes go one after the other, as such handlers do.
"""

import hashlib
import json
import sys
import time
import uuid
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import boto3
from botocore.exceptions import ClientError

SHARDS = 16
ATTEMPTS = 5
TARGET_DAY = 6
HOURS = (9, 20)
ZONES = {"A1PA6795UKMFR9": ZoneInfo("Europe/Berlin")}
RANK = {"Pending": 0, "Unshipped": 1, "PartiallyShipped": 2, "Shipped": 3, "Canceled": 4}


def moment(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def iso(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def draw(order, purpose):
    digest = hashlib.sha256(f"{purpose}:{order}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def sighting(body):
    """What a message says of an order; None if it is no change of a whole order."""
    message = json.loads(body)
    if message.get("NotificationType") != "ORDER_CHANGE":
        return None
    change = message["Payload"]["OrderChangeNotification"]
    if change["NotificationLevel"] != "OrderLevel":
        return None
    summary, at = change["Summary"], moment(message["EventTime"])
    facts = {
        "mkt": summary["MarketplaceId"],
        "bought": moment(summary["PurchaseDate"]),
        "channel": summary["FulfillmentType"],
        "status": summary["OrderStatus"],
        "skus": sorted(item["SellerSKU"] for item in summary["OrderItems"]),
        "programs": sorted(program.upper() for program in summary.get("OrderPrograms", [])),
    }
    if "EarliestDeliveryDate" in summary:
        window = (summary["EarliestDeliveryDate"], summary["LatestDeliveryDate"])
        facts["promise"] = {"at": at, "earliest": moment(window[0]), "latest": moment(window[1])}
    if facts["status"] == "Shipped":
        facts["shipped"] = at
    return change["SellerId"], change["AmazonOrderId"], facts


def merge(known, seen):
    """Both together, in whatever order they came."""
    merged = {**known, **seen}
    statuses = [facts["status"] for facts in (known, seen) if "status" in facts]
    merged["status"] = max(statuses, key=RANK.__getitem__)
    merged["bought"] = min(facts["bought"] for facts in (known, seen) if "bought" in facts)
    for name in ("skus", "programs"):
        merged[name] = sorted(set(known.get(name, [])) | set(seen.get(name, [])))
    shipped = [facts["shipped"] for facts in (known, seen) if "shipped" in facts]
    if shipped:
        merged["shipped"] = min(shipped)
    promises = [facts["promise"] for facts in (known, seen) if "promise" in facts]
    if promises:
        merged["promise"] = max(promises, key=lambda promise: promise["at"])
    return merged


def plan(order, facts):
    """When to ask and until when; None if it is not to be asked yet, or ever."""
    if facts["status"] != "Shipped":
        return None
    promise = facts.get("promise")
    best = promise["latest"] if promise else facts["shipped"] + 3 * 86400
    opens = (promise["earliest"] if promise else best) + 5 * 86400 + 3600
    closes = best + 30 * 86400 - 6 * 3600
    zone = ZONES[facts["mkt"]]
    day = datetime.fromtimestamp(best, zone).date() + timedelta(days=TARGET_DAY)
    while True:
        at = datetime(day.year, day.month, day.day, HOURS[0], tzinfo=zone)
        due = int(at.timestamp()) + draw(order, "spread") % ((HOURS[1] - HOURS[0]) * 3600)
        if due >= opens:
            return (due, closes) if due <= closes else None
        day += timedelta(days=1)


def pack(value):
    if isinstance(value, dict):
        return {"M": {name: pack(inner) for name, inner in value.items()}}
    if isinstance(value, list):
        return {"L": [pack(inner) for inner in value]}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def unpack(value):
    (kind, inner), = value.items()
    if kind == "M":
        return {name: unpack(value) for name, value in inner.items()}
    if kind == "L":
        return [unpack(value) for value in inner]
    return int(inner) if kind == "N" else inner


class Table:
    def __init__(self, client, name):
        self.client, self.name, self.writes = client, name, 0

    def key(self, seller, order):
        shard = draw(order, "shard") % SHARDS
        return {"pk": {"S": f"ORDERS#{seller}#{shard}"}, "sk": {"S": order}}

    def item(self, pk, sk):
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        return self.client.get_item(TableName=self.name, Key=key).get("Item")

    def orders(self, seller, orders):
        wanted, found = {self.name: {"Keys": [self.key(seller, order) for order in orders]}}, {}
        while wanted:
            answer = self.client.batch_get_item(RequestItems=wanted)
            for item in answer["Responses"].get(self.name, []):
                found[item["sk"]["S"]] = item
            wanted = answer.get("UnprocessedKeys")
        return found

    def record(self, seller, order, seen, item, now):
        for _ in range(ATTEMPTS):
            revision = int(item["rev"]["N"]) if item else 0
            known = unpack(item["body"]) if item else None
            facts = merge(known["facts"] if known else {}, seen)
            if known and known["facts"] == facts:
                return
            due = plan(order, facts)
            state = {"is": "planned", "due_at": due[0], "not_after": due[1]} if due else {"is": "seen"}
            trail = known["trail"] if known else [{"s": "first_notified", "t": now}]
            if due:
                trail.append({"s": "planned", "t": now})
            body = {"id": order, "seller": seller, "facts": facts, "state": state, "trail": trail}
            put = {
                **self.key(seller, order),
                "v": {"N": "1"},
                "rev": {"N": str(revision + 1)},
                "w": {"S": uuid.uuid4().hex[:12]},
                "body": pack(body),
                "expires_at": {"N": str((due[1] if due else now) + 60 * 86400)},
            }
            if due:
                put["due_pk"] = {"S": f"SOLICIT#{seller}"}
                put["due_sk"] = {"S": f"{iso(due[0])}#{iso(due[1])}#{order}"}
            condition = {"ConditionExpression": "attribute_not_exists(pk)"}
            if item:
                values = {":rev": {"N": str(revision)}}
                condition = {"ConditionExpression": "rev = :rev", "ExpressionAttributeValues": values}
            try:
                self.client.put_item(TableName=self.name, Item=put, **condition)
                self.writes += 1
                return
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                key = self.key(seller, order)
                item = self.client.get_item(TableName=self.name, Key=key, ConsistentRead=True).get("Item")
        raise RuntimeError(f"{order} is written by others all the time")


def handle(table, event, now):
    failed, by_seller = [], {}
    for record in event["Records"]:
        try:
            seen = sighting(record["body"])
        except (KeyError, ValueError):
            failed.append({"itemIdentifier": record["messageId"]})
            continue
        if seen:
            seller, order, facts = seen
            orders = by_seller.setdefault(seller, {})
            orders[order] = merge(orders[order], facts) if order in orders else facts
    for seller, orders in by_seller.items():
        if not table.item("SELLERS", seller):
            continue
        table.item("CONTROL", "CONTROL")
        there = table.orders(seller, orders)
        for order, facts in orders.items():
            table.record(seller, order, facts, there.get(order), now)
    return {"batchItemFailures": failed}


def main():
    endpoint, name, events = sys.argv[1:]
    client = boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    table = Table(client, name)
    table.item("CONTROL", "CONTROL")
    with open(events, encoding="utf-8") as lines:
        lines = lines.readlines()
    messages, now = 0, int(time.time())
    wall, cpu = time.monotonic(), time.process_time()
    for line in lines:
        event = json.loads(line)
        answer = handle(table, event, now)
        assert not answer["batchItemFailures"], answer
        messages += len(event["Records"])
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    print(json.dumps({"messages": messages, "writes": table.writes, "wall": wall, "cpu": cpu}))


if __name__ == "__main__":
    main()
