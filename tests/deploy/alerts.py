"""Unhappy buyers on the deployed system: a report of feedback, one case, one message in a WeCom group, by the bus and without it."""

import shop
from processes import wait_until

KEY = "robot-of-the-team"
ADDRESS = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
# A report is asked for at the next look, made within seconds, and read when Amazon tells of it.
REPORT = 240


def unhappy(n, words):
    """An order whose buyer gave one star yesterday."""
    return shop.order(n, delivered_days_ago=8, feedback={"at": shop.ago(1), "rating": 1, "comments": words})


def messages(world):
    """What the group was shown."""
    robot, = (chat for chat in world.amazon.call("chats") if chat["kind"] == "wecom")
    assert robot["refused"] == [], robot["refused"]
    return robot["messages"]


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


def ask_for_feedback_again(world):
    """Forgets that the report was asked for, as if two hours had passed, and wakes the function."""
    dynamodb, pk = world.client("dynamodb"), f"REPORTS#{shop.SELLER}"
    for item in dynamodb.query(
        TableName=world.stack["table"], KeyConditionExpression="pk = :pk AND begins_with(sk, :kind)",
        ExpressionAttributeValues={":pk": {"S": pk}, ":kind": {"S": "seller_feedback#"}},
    )["Items"]:
        dynamodb.delete_item(TableName=world.stack["table"], Key={"pk": item["pk"], "sk": item["sk"]})
    world.client("lambda").invoke(FunctionName=world.stack["functions"]["report-sync"], Payload=b"{}")


def feedback_reports(world):
    """Reports of feedback that were read to their end."""
    return sum("report read" in line and "seller_feedback" in line for line in world.log_lines("report-sync"))


def a_bad_feedback_is_one_case_and_one_message(world):
    """The row of one star that the back-fill brought; the same report again changes nothing."""
    carry = lambda: world.carrier.carry(["REPORT_PROCESSING_FINISHED"])
    wait_until(lambda: carry() >= 0 and len(messages(world)) > 1, "the group hears of it", REPORT, 2)
    cases = world.renown("cases", "list")["cases"]
    assert [case["id"] for case in cases] == ["order-303-0000002-1234567"], cases
    told = messages(world)[1]["text"]
    assert "303-0000002-1234567" in told and "1 星" in told and "Deployed" in told, told
    before = feedback_reports(world)
    ask_for_feedback_again(world)
    wait_until(lambda: carry() >= 0 and feedback_reports(world) > before, "the report is read again", REPORT, 2)
    world.wait_for_ticks("negative-alert", 2)
    assert len(messages(world)) == 2, messages(world)
    assert len(world.renown("cases", "list")["cases"]) == 1


def without_the_rule_the_clock_finds_it(world):
    """The bus wakes nobody any more: the sweep reads the signal all the same."""
    events, bus = world.client("events"), world.stack["bus"]
    rule, = (rule["Name"] for rule in events.list_rules(EventBusName=bus)["Rules"])
    events.disable_rule(Name=rule, EventBusName=bus)
    world.amazon.call("orders", [unhappy(3, "Teller zerbrochen, keine Antwort vom Verkäufer")])
    ask_for_feedback_again(world)
    carry = lambda: world.carrier.carry(["REPORT_PROCESSING_FINISHED"])
    wait_until(lambda: carry() >= 0 and len(messages(world)) > 2, "the group hears of it by the clock", REPORT + 90, 2)
    assert len(messages(world)) == 3, messages(world)
    world.renown("cases", "resolve", "303-0000003-1234567", "--outcome", "refunded", "--by", "Wang")
    figures = world.renown("cases", "figures")
    assert (figures["resolved"], figures["recovered"], figures["open"]) == (1, 1, 1), figures
