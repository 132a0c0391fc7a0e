"""Unhappy buyers on the deployed system: a report of feedback, one case, one message in a WeCom group."""

import json

import shop
from processes import wait_until

KEY = "robot-of-the-team"
ADDRESS = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
# What the schedules and the reports of these steps take at most; most of it goes by while mails are written.
WHILE = 300
FIRST, LATER = "303-0000002-1234567", "303-0000003-1234567"


def unhappy(number, words, days_ago):
    """An order whose buyer gave one star."""
    feedback = {"at": shop.ago(days_ago), "rating": 1, "comments": words}
    return shop.order(number, delivered_days_ago=8, feedback=feedback)


def messages(world):
    """What the group was shown."""
    robot, = (chat for chat in world.amazon.call("chats") if chat["kind"] == "wecom")
    assert robot["refused"] == [], robot["refused"]
    return robot["messages"]


def of(world, order):
    return [message for message in messages(world) if order in message["text"]]


def rule_of_the_bus(world):
    """The rule that wakes negative-alert, with its bus."""
    events = world.client("events")
    bus, = (bus["Name"] for bus in events.list_event_buses()["EventBuses"] if bus["Name"] != "default")
    rule, = (rule["Name"] for rule in events.list_rules(EventBusName=bus)["Rules"])
    return events, bus, rule


def requests(world):
    """What the table holds of reports of feedback that were asked for."""
    mine = {":pk": {"S": f"REPORTS#{shop.SELLER}"}, ":sk": {"S": "seller_feedback"}}
    condition = "pk = :pk AND begins_with(sk, :sk)"
    found = world.client("dynamodb").query(TableName=world.stack["table"], KeyConditionExpression=condition, ExpressionAttributeValues=mine)
    return found["Items"]


def a_group_is_told(world):
    """A robot in a group becomes a target; its address lies with the secrets and nowhere else."""
    world.amazon.call("chats", {"kind": "wecom", "key": KEY})
    world.env["RENOWN_NOTIFY_URL"] = ADDRESS
    world.renown("notify", "chat", "team", "--by", "wecom", "--in", "zh", "--at-zone", "Asia/Shanghai")
    names = [p["Name"] for p in world.client("ssm").describe_parameters()["Parameters"]]
    assert "/renown/notify/team" in names, names
    assert not any(KEY in item for item in world.items()), "the key stands in the table"
    world.renown("notify", "test", "team")
    assert len(messages(world)) == 1


def reports_are_looked_after(world):
    """What the clock does each five minutes, at once: Amazon makes a report a minute."""
    world.client("lambda").invoke(FunctionName=world.stack["functions"]["report-sync"], Payload=b"{}")


def a_bad_feedback_is_one_case_and_one_message(world):
    """The row of one star that the first reports brought."""
    carry = lambda: world.carrier.carry(["REPORT_PROCESSING_FINISHED"])
    wait_until(lambda: carry() >= 0 and of(world, FIRST), "the group hears of it", WHILE, 2)
    cases = world.renown("cases", "list")["cases"]
    assert [case["id"] for case in cases] == [f"order-{FIRST}"], cases
    told, = of(world, FIRST)
    assert "1 星" in told["text"] and "Deployed" in told["text"], told


def the_report_is_made_anew_and_the_rule_is_gone(world):
    """The same row again with one more, and nobody wakes negative-alert but its clock."""
    events, bus, rule = rule_of_the_bus(world)
    world.targets = events.list_targets_by_rule(Rule=rule, EventBusName=bus)["Targets"]
    events.remove_targets(Rule=rule, EventBusName=bus, Ids=[target["Id"] for target in world.targets])
    world.amazon.call("orders", [unhappy(3, "Die Ware kam nie an.", 0.02)])
    # Without its requests the report is due again.
    asked_for = requests(world)
    assert asked_for, "a report of feedback was asked for"
    for item in asked_for:
        world.client("dynamodb").delete_item(TableName=world.stack["table"], Key={"pk": item["pk"], "sk": item["sk"]})
    reports_are_looked_after(world)
    # Read when Amazon says so; the sweep has its time while mails are written.
    carry = lambda: world.carrier.carry(["REPORT_PROCESSING_FINISHED"])
    wait_until(lambda: carry() >= 0 and '"done"' in json.dumps(requests(world)), "the report is read again", WHILE, 2)


def the_sweep_alone_tells_what_is_new_and_nothing_twice(world):
    """One message more, of the new row; the rule is put back."""
    carry = lambda: world.carrier.carry(["REPORT_PROCESSING_FINISHED"])
    wait_until(lambda: carry() >= 0 and of(world, LATER), "the sweep tells of the new row", WHILE, 2)
    world.wait_for_ticks("negative-alert")
    assert len(of(world, FIRST)) == 1 and len(of(world, LATER)) == 1, messages(world)
    cases = {case["id"] for case in world.renown("cases", "list")["cases"]}
    assert cases == {f"order-{FIRST}", f"order-{LATER}"}, cases
    events, bus, rule = rule_of_the_bus(world)
    answer = events.put_targets(Rule=rule, EventBusName=bus, Targets=world.targets)
    assert answer["FailedEntryCount"] == 0, json.dumps(answer)
