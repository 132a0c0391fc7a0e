"""Unhappy buyers on the deployed system: a report of feedback, one case, one message in a WeCom group."""

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


def a_bad_feedback_is_one_case_and_one_message(world):
    """The row of one star that the back-fill brought; the sweeps after it add nothing."""
    carry = lambda: world.carrier.carry(["REPORT_PROCESSING_FINISHED"])
    wait_until(lambda: carry() >= 0 and len(messages(world)) > 1, "the group hears of it", REPORT, 2)
    cases = world.renown("cases", "list")["cases"]
    assert [case["id"] for case in cases] == ["order-303-0000002-1234567"], cases
    told = messages(world)[1]["text"]
    assert "303-0000002-1234567" in told and "1 星" in told and "Deployed" in told, told
    world.wait_for_ticks("negative-alert", 2)
    assert len(messages(world)) == 2, messages(world)
    assert len(world.renown("cases", "list")["cases"]) == 1
