"""The main scenario on the deployed system: real template, real release binaries, real queues, schedules and roles on an AWS
emulator, with the simulator in Amazon's place. What was asked is judged by the simulator's own record.

    tests/deploy/run.sh            builds, deploys, runs this

Real time passes: schedules fire each minute.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import botocore.exceptions

import alerts
import mail
import shop
from processes import REGION, Amazon, Emulator, clean_environment, wait_until

ROOT = Path(__file__).resolve().parents[2]
STACK = "renown"
# A schedule fires within a minute, on the emulator ten seconds later; then the work itself.
SWEEP = 150


class World:
    """Everything that runs, and the means to look at it."""

    def __init__(self, args, folder):
        self.folder = Path(folder)
        self.built, self.programs, self.bin = args.built.resolve(), args.programs.resolve(), Path(sys.executable).parent
        self.amazon = Amazon(self.programs, folder)
        self.aws = Emulator(sys.executable, folder)
        self.env = {**clean_environment(), **self.aws.client_env, "RENOWN_CLIENT_SECRET": shop.SECRET, "RENOWN_REFRESH_TOKEN": shop.TOKEN}
        self.stack = {}

    def write_down(self):
        """What a failure is understood from: Amazon's record, the orders, the functions' logs."""
        for name, look in {
            "calls.json": lambda: json.dumps(self.amazon.call("calls"), indent=1),
            "plan.json": lambda: json.dumps(self.renown("plan", "--all"), indent=1),
            **{f"{name}.log": lambda name=name: "\n".join(self.log_lines(name)) for name in self.stack.get("functions", ())},
        }.items():
            try:
                (self.folder / name).write_text(look())
            except Exception as error:  # one that fails hides no other
                print(f"{name}: {error}", file=sys.stderr)

    def stop(self):
        self.aws.stop()
        self.amazon.stop()

    def client(self, service, **credentials):
        root = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, region_name=REGION, endpoint_url=self.aws.url, verify=self.aws.ca, **(credentials or root))

    def sam_deploy(self, **parameters):
        """`sam deploy`, as infra/README.md tells it, onto the emulator."""
        parameters = {"Architecture": "x86_64", "AmazonUrl": self.amazon.url, "ChatsUrl": self.amazon.url, **parameters}
        command = [self.bin / "sam", "deploy", "--template-file", self.built / "template.yaml", "--stack-name", STACK, "--region", REGION]
        command += ["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-fail-on-empty-changeset"]
        command += ["--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items())]
        done = subprocess.run([str(word) for word in command], cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"sam deploy failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        self.stack = json.loads(self.client("ssm").get_parameter(Name="/renown/stack")["Parameter"]["Value"])

    def renown(self, *words, fails=False, says_json=True):
        """A command of the operator's program on the deployed shop; its object."""
        command = [str(self.programs / "renown"), "--aws", REGION, *map(str, words)] + (["--json"] if says_json else [])
        done = subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=300)
        assert (done.returncode != 0) == fails, f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout.splitlines()[-1]) if says_json else done.stdout

    def knows(self, command):
        """Whether the operator's program has a command."""
        command = [str(self.programs / "renown"), command, "--help"]
        return subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, timeout=60).returncode == 0

    def orders(self):
        """Order → its state, as the deployed table has it."""
        return {order["order_id"]: order for order in self.renown("plan", "--all")["orders"]}

    def hasten(self, orders):
        """Asks as soon as window and hours allow: going live spreads what is due over three days."""
        for order in orders:
            self.renown("ask", order, "--yes")

    def items(self):
        """The whole table, for comparison."""
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=self.stack["table"])
        found = [item for page in pages for item in page["Items"]]
        # Leases come and go with every tick.
        return sorted((json.dumps(item, sort_keys=True) for item in found if not item["pk"]["S"].startswith("LEASE")), key=str)

    def queue_url(self, arn):
        return self.client("sqs").get_queue_url(QueueName=arn.split(":")[-1])["QueueUrl"]

    def log_lines(self, function):
        """What a function has logged so far."""
        name = self.stack["functions"][function]
        group = self.client("lambda").get_function_configuration(FunctionName=name)["LoggingConfig"]["LogGroup"]
        logs = self.client("logs")
        lines = []
        for stream in logs.describe_log_streams(logGroupName=group)["logStreams"]:
            events = logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])["events"]
            lines += [event["message"].rstrip() for event in events]
        return lines

    def ticks(self, function):
        """How often a function has run to its end."""
        return sum("REPORT RequestId" in line for line in self.log_lines(function))

    def wait_for_ticks(self, function, times=1):
        before = self.ticks(function)
        wait_until(lambda: self.ticks(function) >= before + times, f"{function} ran {times} times more", SWEEP * times, 2)


def each_once(world, expected):
    """Fails unless exactly these orders were asked, each once, and no rule was broken."""
    accepted = world.amazon.accepted()
    assert set(accepted) == set(expected), f"asked {sorted(accepted)}, expected {sorted(expected)}"
    assert all(len(times) == 1 for times in accepted.values()), accepted
    assert world.amazon.call("violations") == [], world.amazon.call("violations")


def solicitations(world):
    """Calls about the seller's orders; `connect` tries the role on one that does not exist."""
    calls = world.amazon.call("calls")
    return [call for call in calls if "olicitation" in call["operation"] and call["subject"].startswith("303-")]


def a_seller_is_connected(world):
    """35 days are back-filled from reports, the secret lies under /renown/listen/, Amazon knows the queues."""
    shop.connect_to(world.amazon)
    world.amazon.call("orders", [shop.order(1, delivered_days_ago=8), alerts.unhappy(2, "Kam zerbrochen an", 1), shop.order(3, delivered_days_ago=8)])
    answer = world.renown("connect", "--seller", shop.SELLER, "--app", shop.APP, "--alias", "Deployed", "--no-wait")
    assert answer["notified"] and not answer["live"], answer
    names = [p["Name"] for p in world.client("ssm").describe_parameters()["Parameters"]]
    assert f"/renown/listen/{shop.SELLER}" in names and f"/renown/live/{shop.SELLER}" not in names, names
    amazon = world.client("sqs", aws_access_key_id="437568002678", aws_secret_access_key="test")
    world.carrier = shop.Carrier(world.amazon, amazon, world.queue_url)
    # What the schedule does within five minutes: reports are asked for. Amazon tells that they are
    # finished through their queue, which wakes the function again.
    world.client("lambda").invoke(FunctionName=world.stack["functions"]["report-sync"], Payload=b"{}")
    expected = {f"303-{n:07d}-1234567" for n in range(1, 4)}
    wait_until(lambda: world.carrier.carry(["REPORT_PROCESSING_FINISHED"]) >= 0 and expected <= set(world.orders()), "the back-fill", 90, 2)
    # The buyers' hours are all hours, so that the test means the same at any time of day.
    rules = world.renown("rules", "show", says_json=False)
    rules = rules.replace("from = 9", "from = 0").replace("to = 20", "to = 24")
    (world.folder / "rules.toml").write_text(rules)
    world.renown("rules", "set", world.folder / "rules.toml")


def notifications_arrive(world):
    """Repeated, out of order, one of them unreadable, sent with Amazon's own account through the queues' policy."""
    new = [shop.order(n, delivered_days_ago=6 + n % 9) for n in range(10, 30)]
    new += [
        shop.order(30, delivered_days_ago=1),
        shop.order(31, delivered_days_ago=8, cancelled_at=shop.ago(11.5), shipped_at=None, delivered_at=None),
        shop.order(32, delivered_days_ago=8, replacement_of="303-0000010-1234567"),
    ]
    world.amazon.call("orders", new)
    assert world.carrier.carry() > 40
    world.carrier.send(world.stack["queues"]["notifications"], ['{"NotificationType": "ORDER_CHANGE", "Payload": {'])
    known = {order["order_id"] for order in new} - {"303-0000031-1234567"}
    wait_until(lambda: known <= set(world.orders()), "every order came through the queue", 60, 1)
    unread = wait_until(lambda: world.renown("unread", "list")["unread"], "the unreadable message is kept", 30, 1)
    assert len(unread) == 1 and unread[0]["source"] == "order-ingest", unread


def a_stranger_may_not_send(world):
    """The queue takes messages from Amazon's account and from no other."""
    stranger = world.client("sqs", aws_access_key_id="999999999999", aws_secret_access_key="test")
    try:
        shop.Carrier(world.amazon, stranger, world.queue_url).send(world.stack["queues"]["notifications"], ["{}"])
    except botocore.exceptions.ClientError as error:
        assert "AccessDenied" in str(error) or "NonExistentQueue" in str(error), error
    else:
        raise AssertionError("a stranger's message was taken")


def listening_asks_nobody(world):
    """A sweep passes; nobody is asked, and the sweep's own role is refused the seller's secret (P5)."""
    world.wait_for_ticks("scheduled-solicit")
    assert solicitations(world) == [], solicitations(world)
    role = world.client("ssm", **world.aws.credentials_of(world.stack["functions"]["scheduled-solicit"]))
    try:
        role.get_parameter(Name=f"/renown/listen/{shop.SELLER}", WithDecryption=True)
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] in ("AccessDeniedException", "AccessDenied"), error
    else:
        raise AssertionError("scheduled-solicit may read a listening seller's secret")


def doctor_is_green(world):
    """Nothing is wrong; what is only worth a look is the message that cannot be read."""
    findings = world.renown("doctor")["findings"]
    assert not [f for f in findings if f["state"] == "wrong"], findings
    warned = {f["check"] for f in findings if f["state"] == "warn"}
    assert warned <= {"unread", "dead_letters"}, findings
    # How old reports are is said once the first ones are read.
    said = {f["check"].replace("reports_underway", "report_age") for f in findings}
    wanted = {"authorisation", "role", "subscriptions", "queue_policy", "dead_letters", "schedule", "secret_age", "report_age", "sweep_lag", "clock"}
    assert wanted <= said, wanted - said


def live_asks_each_once(world):
    """Every eligible order, once, when the schedule fires; old messages again change nothing."""
    world.renown("mode", "live", "--yes")
    eligible = [f"303-{n:07d}-1234567" for n in [*range(1, 4), *range(10, 30)]]
    world.hasten(eligible)
    world.carrier.repeat(20)
    wait_until(lambda: len(world.amazon.accepted()) >= len(eligible), "all are asked", SWEEP + 2 * len(eligible), 1)
    each_once(world, eligible)
    # Where the role was refused before, it is now given what is under /renown/live/.
    role = world.client("ssm", **world.aws.credentials_of(world.stack["functions"]["scheduled-solicit"]))
    role.get_parameter(Name=f"/renown/live/{shop.SELLER}", WithDecryption=True)
    return eligible


def a_pause_stops(world, asked):
    """Due orders wait while everything is paused, and are asked once when it goes on."""
    world.renown("pause")
    late = [shop.order(n, delivered_days_ago=8) for n in range(40, 44)]
    world.amazon.call("orders", late)
    world.carrier.carry()
    ids = [order["order_id"] for order in late]
    wait_until(lambda: set(ids) <= set(world.orders()), "the new orders are known", 60, 1)
    world.hasten(ids)
    world.wait_for_ticks("scheduled-solicit")
    each_once(world, asked)
    world.renown("resume")
    wait_until(lambda: len(world.amazon.accepted()) >= len(asked) + len(ids), "they are asked after all", SWEEP, 1)
    each_once(world, asked + ids)
    return asked + ids


def a_redeployment_changes_nothing(world, asked):
    """The same stack with another parameter: the table is what it was, and nobody is asked again."""
    world.renown("pause")
    before = world.items()
    world.sam_deploy(LogRetentionDays="365")
    assert world.items() == before, "the table changed"
    world.renown("resume")
    world.wait_for_ticks("scheduled-solicit")
    each_once(world, asked)


def a_bootstrap_killed_in_a_batch_leaves_nothing_behind(world, asked):
    """kill -9 in the middle of a batch: its messages come again, every order is there once and asked once."""
    late = [shop.order(n, delivered_days_ago=9) for n in range(50, 70)]
    ids = [order["order_id"] for order in late]
    sqs = world.client("sqs")
    url = world.queue_url(world.stack["queues"]["notifications"])
    # What it is on AWS would keep this test waiting for minutes.
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "35"})
    world.amazon.call("orders", late)
    function, table = world.stack["functions"]["order-ingest"], world.client("dynamodb")

    def known():
        items = table.scan(TableName=world.stack["table"], ProjectionExpression="sk")["Items"]
        return len({item["sk"]["S"] for item in items} & set(ids))

    def kill():
        wait_until(known, "the first order of the batch is written", 60, 0)
        for pid in world.aws.bootstraps(function):
            os.kill(pid, signal.SIGKILL)
        return known()

    with ThreadPoolExecutor() as threads:
        killed = threads.submit(kill)
        world.carrier.carry()
        there = killed.result()
    assert there < len(ids), "the batch was over before it could be killed"
    wait_until(lambda: set(ids) <= set(world.orders()), "every order is known all the same", 180, 2)
    world.hasten(ids)
    wait_until(lambda: len(world.amazon.accepted()) >= len(asked) + len(ids), "and asked", SWEEP + 60, 1)
    each_once(world, asked + ids)
    left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert left["ApproximateNumberOfMessages"] == "0", left
    return asked + ids


def a_copy_is_complete(world):
    """`renown export` of the deployed shop is read back on this machine, where everybody listens."""
    world.renown("export", world.folder / "copy")
    command = [str(world.programs / "renown"), "restore", "copy", "--data", "restored", "--json"]
    done = subprocess.run(command, cwd=world.folder, env=world.env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    restored = json.loads(done.stdout)
    assert restored["orders"] == len(world.orders()) and restored["listening"], restored


def doctor_names_what_is_taken_away(world):
    """A subscription, a secret, a schedule: each is named when it is gone."""

    def wrong():
        return {f["check"]: f["text"]["en"] for f in world.renown("doctor", fails=True)["findings"] if f["state"] == "wrong"}

    schedule = world.stack["schedules"]["report-sync"]
    world.client("scheduler").delete_schedule(Name=schedule)
    assert set(wrong()) == {"schedule"} and "report-sync" in wrong()["schedule"], wrong()
    world.amazon.unsubscribe("ORDER_CHANGE", shop.APP, shop.SECRET)
    assert "subscriptions" in wrong(), wrong()
    world.client("ssm").delete_parameter(Name=f"/renown/live/{shop.SELLER}")
    assert "secret" in wrong(), wrong()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--built", type=Path, default=ROOT / "infra/.aws-sam/build", help="what `sam build` made")
    parser.add_argument("--programs", type=Path, default=ROOT / "target/debug", help="folder of renown and renown-simulator")
    parser.add_argument("--keep", action="store_true", help="keep the folder with all logs")
    args = parser.parse_args()
    folder, began = tempfile.mkdtemp(prefix="renown-deployed-"), time.monotonic()

    def told(step, *more):
        print(f"  {time.monotonic() - began:5.0f} s  {step.__name__.replace('_', ' ')}", flush=True)
        return step(*more)

    # Ended from outside, it still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    world = World(args, folder)
    try:
        print("deployed: the stack on the emulator", flush=True)
        world.sam_deploy()
        told(alerts.a_group_is_told, world)
        told(a_seller_is_connected, world)
        told(notifications_arrive, world)
        told(a_stranger_may_not_send, world)
        told(listening_asks_nobody, world)
        told(doctor_is_green, world)
        alerts.reports_are_looked_after(world)
        asked = told(live_asks_each_once, world)
        alerts.reports_are_looked_after(world)
        asked = told(a_pause_stops, world, asked)
        told(alerts.a_bad_feedback_is_one_case_and_one_message, world)
        told(alerts.the_report_is_made_anew_and_the_rule_is_gone, world)
        customers = told(mail.a_shop_is_added, world)
        told(mail.a_live_shop_writes_each_once, world, customers)
        told(mail.what_customers_and_ses_say_ends_the_mails, world, customers)
        told(mail.nobody_else_tells_of_mails, world, customers)
        told(mail.a_paused_shop_writes_to_nobody, world, customers)
        told(alerts.the_sweep_alone_tells_what_is_new_and_nothing_twice, world)
        written = customers.count()
        told(a_redeployment_changes_nothing, world, asked)
        asked = told(a_bootstrap_killed_in_a_batch_leaves_nothing_behind, world, asked)
        told(a_copy_is_complete, world)
        told(doctor_names_what_is_taken_away, world)
        assert customers.count() == written, f"written again: {customers.count()}, before {written}"
    except BaseException:
        print(f"logs are kept in {folder}", file=sys.stderr)
        world.write_down()
        args.keep = True
        raise
    finally:
        world.stop()
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)
    mails = sum(written.values())
    print(f"deployed: every step held, {len(asked)} orders asked once each, {mails} mails written, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
