"""Queues and clocks: nothing is lost, nothing is tried again that the next tick does anyway."""

import json
import re
import unittest

from .rendered import ROOT, TEMPLATE, as_list, functions, of_type, resources, role_of, statements
from .source import code

# The account that sends SP-API notifications. Source: SP-API, "Set up notifications (Amazon SQS workflow)".
AMAZON = "arn:aws:iam::437568002678:root"
# The next tick is the retry; 60 s is the least that AWS takes.
ONCE = {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}


# The queues that are Amazon's; the third is that of SES's events (test_mail.py).
AMAZONS = {"Notifications", "Reports"}
# Lines of a log that say that a person must look.
ERRORS = '{ $.level = "ERROR" }'


def queue(arn):
    """The queue of an ARN."""
    return arn.strip("{}").removesuffix(".Arn")


def consumers():
    """Each queue with the mapping that reads it."""
    return {queue(m["EventSourceArn"]): m for m in of_type("AWS::Lambda::EventSourceMapping").values()}


def dead_letters():
    """The dead-letter queue of each queue that has one."""
    return {
        name: queue(q["RedrivePolicy"]["deadLetterTargetArn"])
        for name, q in of_type("AWS::SQS::Queue").items()
        if "RedrivePolicy" in q
    }


class Queues(unittest.TestCase):
    def test_every_queue_that_is_read_has_dead_letters_of_its_own(self):
        self.assertEqual(dead_letters().keys(), consumers().keys())
        self.assertEqual(len(set(dead_letters().values())), len(dead_letters()))
        self.assertEqual(of_type("AWS::SQS::Queue").keys(), consumers().keys() | set(dead_letters().values()))

    def test_a_message_is_tried_five_times_and_then_kept_for_fourteen_days(self):
        queues = of_type("AWS::SQS::Queue")
        for name, dead in dead_letters().items():
            with self.subTest(name):
                self.assertEqual(queues[name]["RedrivePolicy"]["maxReceiveCount"], 5)
                self.assertEqual(queues[dead]["MessageRetentionPeriod"], 14 * 24 * 3600)
                # A message keeps its age when it dies.
                self.assertLess(queues[name]["MessageRetentionPeriod"], queues[dead]["MessageRetentionPeriod"])

    def test_a_message_is_not_seen_again_while_it_is_worked_on(self):
        # Six times is AWS's advice; of reports twice is enough, as the template says.
        for crate, times in {"order-ingest": 6, "report-sync": 2, "bounce-handler": 6}.items():
            with self.subTest(crate):
                function = functions()[crate]
                name, = [name for name, m in consumers().items() if m["FunctionName"] == f"{{{function['Id']}}}"]
                self.assertGreaterEqual(of_type("AWS::SQS::Queue")[name]["VisibilityTimeout"], times * function["Timeout"])

    def test_what_failed_goes_back_alone(self):
        for name, mapping in consumers().items():
            with self.subTest(name):
                self.assertEqual(mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"])
                self.assertGreaterEqual(mapping["ScalingConfig"]["MaximumConcurrency"], 2)

    def test_every_queue_is_encrypted_with_a_key_that_nobody_needs_rights_on(self):
        for name, properties in of_type("AWS::SQS::Queue").items():
            with self.subTest(name):
                self.assertIs(properties["SqsManagedSseEnabled"], True)
                self.assertNotIn("KmsMasterKeyId", properties)

    def policies(self):
        found = {}
        for policy in of_type("AWS::SQS::QueuePolicy").values():
            name, = policy["Queues"]
            self.assertNotIn(name.strip("{}"), found, "the second policy of a queue replaces the first")
            found[name.strip("{}")] = policy["PolicyDocument"]["Statement"]
        return found

    def test_amazon_may_send_to_what_is_read_and_nobody_else_may_anything(self):
        for name, policy in self.policies().items():
            with self.subTest(name):
                allows = [s for s in policy if s["Effect"] == "Allow"]
                if name not in consumers():
                    self.assertEqual(allows, [])
                if name not in AMAZONS:
                    self.assertNotIn(AMAZON, str(allows))
                    continue
                allow, = allows
                self.assertEqual(allow["Principal"], {"AWS": AMAZON})
                self.assertEqual(set(allow["Action"]), {"sqs:SendMessage", "sqs:GetQueueAttributes"})
                self.assertEqual(allow["Resource"], f"{{{name}.Arn}}")
                self.assertNotIn("Condition", allow)

    def test_every_queue_is_spoken_to_in_tls_alone(self):
        self.assertEqual(self.policies().keys(), of_type("AWS::SQS::Queue").keys())
        for name, policy in self.policies().items():
            with self.subTest(name):
                deny, = [s for s in policy if s["Effect"] == "Deny"]
                deny = {key: value for key, value in deny.items() if key != "Sid"}
                self.assertEqual(deny, {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "sqs:*",
                    "Resource": f"{{{name}.Arn}}",
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                })


class Clocks(unittest.TestCase):
    def test_the_clocks_are_those_that_the_functions_wake_on(self):
        woken = {s["Target"]["Arn"]: s["ScheduleExpression"] for s in of_type("AWS::Scheduler::Schedule").values()}
        self.assertEqual(woken, {
            f"{{{functions()['scheduled-solicit']['Id']}.Arn}}": "rate(1 minute)",
            f"{{{functions()['report-sync']['Id']}.Arn}}": "rate(5 minutes)",
            f"{{{functions()['ses-send']['Id']}.Arn}}": "rate(1 minute)",
            f"{{{functions()['negative-alert']['Id']}.Arn}}": "rate(1 minute)",
        })

    def test_a_signal_on_the_bus_wakes_whoever_makes_cases_of_it_at_once(self):
        (name, rule), = of_type("AWS::Events::Rule").items()
        self.assertEqual(rule["EventBusName"], "{Bus}")
        source = re.search(r'SOURCE: &str = "(\w+)"', code("shared/core/src/event.rs"))[1]
        self.assertEqual(rule["EventPattern"], {"source": [source], "detail-type": ["signal.seen"]})
        self.assertIn('rename = "signal.seen"', code("shared/core/src/event.rs"))
        self.assertNotEqual(rule.get("State"), "DISABLED")
        target, = rule["Targets"]
        woken = functions()["negative-alert"]["Id"]
        self.assertEqual((target["Arn"], target["RetryPolicy"]), (f"{{{woken}.Arn}}", ONCE))
        may = [p for p in of_type("AWS::Lambda::Permission").values() if p["Principal"] == "events.amazonaws.com"]
        self.assertEqual([(p["FunctionName"], p["SourceArn"]) for p in may], [(f"{{{woken}}}", f"{{{name}.Arn}}")])

    def test_a_tick_is_not_tried_again_and_not_late(self):
        invoked = {c["FunctionName"]: c for c in of_type("AWS::Lambda::EventInvokeConfig").values()}
        for name, schedule in of_type("AWS::Scheduler::Schedule").items():
            with self.subTest(name):
                self.assertEqual(schedule["Target"]["RetryPolicy"], ONCE)
                self.assertEqual(schedule["FlexibleTimeWindow"], {"Mode": "OFF"})
                self.assertNotEqual(schedule.get("State"), "DISABLED")
                function = schedule["Target"]["Arn"].replace(".Arn", "")
                self.assertEqual({key: invoked[function].get(key) for key in ONCE}, ONCE)
                self.assertEqual(invoked[function]["Qualifier"], "$LATEST")

    def test_a_clock_may_wake_its_function_alone(self):
        for name, schedule in of_type("AWS::Scheduler::Schedule").items():
            with self.subTest(name):
                right, = statements(role_of(schedule["Target"]["RoleArn"]))
                self.assertEqual(as_list(right["Action"]), ["lambda:InvokeFunction"])
                self.assertEqual(as_list(right["Resource"]), [schedule["Target"]["Arn"]])

    def test_no_tick_is_taken_for_a_batch_of_messages(self):
        # report-sync tells them apart by "Records" (functions/report-sync/src/wake.rs).
        for name, schedule in of_type("AWS::Scheduler::Schedule").items():
            self.assertNotIn("Records", json.loads(schedule["Target"]["Input"]), name)

    def test_the_samples_are_what_the_clocks_send(self):
        crates = {f"{{{function['Id']}.Arn}}": crate for crate, function in functions().items()}
        for schedule in of_type("AWS::Scheduler::Schedule").values():
            crate = crates[schedule["Target"]["Arn"]]
            with self.subTest(crate):
                sent = json.loads(schedule["Target"]["Input"])
                sample = json.loads((ROOT / f"events/schedule/{crate}.json").read_text())
                self.assertEqual(sample.keys(), sent.keys())
                for name, value in sent.items():
                    # What is in angle brackets Scheduler fills in.
                    if not value.startswith("<aws.scheduler."):
                        self.assertEqual(sample[name], value)


class Alarms(unittest.TestCase):
    def alarms(self, metric):
        found = {}
        for alarm in of_type("AWS::CloudWatch::Alarm").values():
            if alarm["MetricName"] == metric:
                (dimension,) = alarm["Dimensions"]
                found[dimension["Value"].strip("{}").removesuffix(".QueueName")] = alarm
        return found

    def test_every_alarm_is_told(self):
        for name, alarm in of_type("AWS::CloudWatch::Alarm").items():
            self.assertEqual(alarm["AlarmActions"], ["{Alarms}"], name)
            self.assertTrue(alarm["AlarmDescription"], name)

    def test_the_first_dead_letter_raises_an_alarm(self):
        alarms = self.alarms("ApproximateNumberOfMessagesVisible")
        self.assertEqual(alarms.keys(), set(dead_letters().values()))
        for name, alarm in alarms.items():
            self.assertEqual((alarm["ComparisonOperator"], alarm["Threshold"]), ("GreaterThanThreshold", 0), name)

    def test_every_queue_is_watched_for_messages_that_wait(self):
        self.assertEqual(self.alarms("ApproximateAgeOfOldestMessage").keys(), consumers().keys())

    def test_every_function_is_watched(self):
        for metric in ("Errors", "Throttles"):
            self.assertEqual(self.alarms(metric).keys(), {f["Id"] for f in functions().values()}, metric)

    def test_a_clock_that_stands_still_raises_an_alarm(self):
        alarms = self.alarms("Invocations")
        woken = {s["Target"]["Arn"].strip("{}").removesuffix(".Arn") for s in of_type("AWS::Scheduler::Schedule").values()}
        self.assertEqual(alarms.keys(), woken)
        for name, alarm in alarms.items():
            self.assertEqual((alarm["ComparisonOperator"], alarm["Threshold"]), ("LessThanThreshold", 1), name)
            self.assertEqual(alarm["TreatMissingData"], "breaching", name)

    def test_the_lag_is_read_from_the_line_of_a_tick(self):
        filters = of_type("AWS::Logs::MetricFilter").values()
        metrics = {metric["LogGroupName"]: metric for metric in filters if metric["FilterPattern"] != ERRORS}
        watched = [(a["Namespace"], a["MetricName"]) for a in of_type("AWS::CloudWatch::Alarm").values()]
        names = set()
        for crate, message in {"scheduled-solicit": "tick", "ses-send": "mail tick"}.items():
            with self.subTest(crate):
                metric = metrics.pop(functions()[crate]["LoggingConfig"]["LogGroup"])
                transformation, = metric["MetricTransformations"]
                self.assertIn(f'$.message = "{message}"', metric["FilterPattern"])
                field = transformation["MetricValue"].removeprefix("$.")
                self.assertIn(f"$.{field} ", metric["FilterPattern"])
                line, = re.findall(rf'tracing::info!\(([^;]*)"{message}"\s*\);', code(f"functions/{crate}/src/lib.rs"))
                self.assertIn(f"{field} =", line)
                name = transformation["MetricNamespace"], transformation["MetricName"]
                self.assertEqual(watched.count(name), 1)
                names.add(name)
        self.assertEqual((metrics, len(names)), ({}, 2))

    def test_what_a_function_of_mail_calls_an_error_raises_an_alarm(self):
        filters = [metric for metric in of_type("AWS::Logs::MetricFilter").values() if metric["FilterPattern"] == ERRORS]
        logs = {functions()[crate]["LoggingConfig"]["LogGroup"] for crate in ("ses-send", "bounce-handler", "negative-alert", "web")}
        self.assertEqual({metric["LogGroupName"] for metric in filters}, logs)
        counted = {(t["MetricNamespace"], t["MetricName"], t["MetricValue"]) for metric in filters for t in metric["MetricTransformations"]}
        alarm = of_type("AWS::CloudWatch::Alarm")["MailTroubleAlarm"]
        self.assertEqual(counted, {(alarm["Namespace"], alarm["MetricName"], "1")})
        self.assertEqual((alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]), ("Sum", "GreaterThanThreshold", 0))
        # As the lines write it.
        self.assertIn(".json()", code("shared/io/src/telemetry.rs"))

    def test_requests_that_were_not_taken_in_raise_an_alarm(self):
        # `web` answers 503 there, which is no error of the function.
        self.assertEqual(self.alarms("5xx").keys(), of_type("AWS::ApiGatewayV2::Api").keys())

    def test_the_template_says_how_many_there_are(self):
        words = {28: "Twenty-eight"}
        self.assertIn(f"  # {words[len(of_type('AWS::CloudWatch::Alarm'))]}; ten are free", TEMPLATE.read_text())

    def test_an_address_is_subscribed_only_if_there_is_one(self):
        def subscribed(**parameters):
            found = [r["Properties"] for r in resources(**parameters).values() if r["Type"] == "AWS::SNS::Subscription"]
            return [subscription for subscription in found if subscription["TopicArn"] == "{Alarms}"]

        self.assertEqual(subscribed(), [])
        one, = subscribed(AlarmEmail="ops@example.com")
        self.assertEqual((one["Protocol"], one["Endpoint"], one["TopicArn"]), ("email", "ops@example.com", "{Alarms}"))


if __name__ == "__main__":
    unittest.main()
