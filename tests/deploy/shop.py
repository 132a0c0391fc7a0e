"""A shop for the deployed test: orders dated back from now, and what Amazon sends about them."""

import datetime
import json
import random

SELLER, APP, TOKEN, SECRET = "A1DEPLOYED", "deployed-client", "Atzr|deployed", "deployed-secret"
GERMANY = "A1PA6795UKMFR9"
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def ago(days=0.0, minutes=0.0):
    moment = NOW - datetime.timedelta(days=days, minutes=minutes)
    return moment.isoformat().replace("+00:00", "Z")


def order(number, delivered_days_ago, **more):
    """An order that a seller shipped itself, delivered so many days ago; Amazon promised that day."""
    return {
        "order_id": f"303-{number:07d}-1234567",
        "seller_id": SELLER,
        "marketplace_id": GERMANY,
        "channel": "merchant",
        "purchased_at": ago(delivered_days_ago + 4),
        "shipped_at": ago(delivered_days_ago + 3),
        "delivered_at": ago(delivered_days_ago),
        "promise": {"earliest": ago(delivered_days_ago + 1), "latest": ago(delivered_days_ago)},
        "items": [{"sku": "TEA-1", "asin": "B000000001"}],
        **more,
    }


def connect_to(amazon):
    """Makes app and seller known to the simulator."""
    amazon.call("apps", {"client_id": APP, "client_secret": SECRET})
    amazon.call(
        "sellers",
        {
            "seller_id": SELLER,
            "region": "eu",
            "marketplaces": [GERMANY],
            "grants": {TOKEN: APP},
            "notified_since": ago(39),
        },
    )
    amazon.call("settings", {"report_delay_seconds": 2}, "PUT")


class Carrier:
    """Carries Amazon's notifications to the queues that `renown connect` named: each twice, in any order."""

    def __init__(self, amazon, sqs_of_amazon, url_of):
        self.amazon, self.sqs, self.url_of = amazon, sqs_of_amazon, url_of
        self.draw = random.Random(7)
        self.waiting, self.sent = [], []

    def carry(self, kinds=None):
        """Takes what is due from the simulator to the queues, or only what is of these types; the
        rest waits here. How many messages were taken."""
        queue_of = {d["destination_id"]: d["arn"] for d in self.amazon.call("destinations")}
        queues = {s["notification_type"]: queue_of[s["destination_id"]] for s in self.amazon.call("subscriptions")}
        self.waiting += [(type_of(message["body"]), message["body"]) for message in self.amazon.call("notifications")]
        due = [message for message in self.waiting if kinds is None or message[0] in kinds]
        self.waiting = [message for message in self.waiting if message not in due]
        twice = due + due
        self.draw.shuffle(twice)
        for kind, arn in queues.items():
            bodies = [body for its_kind, body in twice if its_kind == kind]
            self.sent += [(arn, body) for body in bodies]
            for start in range(0, len(bodies), 10):
                self.send(arn, bodies[start : start + 10])
        return len(due)

    def repeat(self, times):
        """Sends messages of before again."""
        for arn, body in self.draw.choices(self.sent, k=times):
            self.send(arn, [body])

    def send(self, arn, bodies):
        entries = [{"Id": str(at), "MessageBody": body} for at, body in enumerate(bodies)]
        answer = self.sqs.send_message_batch(QueueUrl=self.url_of(arn), Entries=entries)
        assert not answer.get("Failed"), answer


def type_of(body):
    """Amazon writes the envelope of some types in PascalCase and of others in camelCase."""
    message = json.loads(body)
    return message.get("NotificationType") or message["notificationType"]
