"""Mails: two streams, whose events come to one queue by one topic and by no other way."""

import re
import unittest

from .rendered import ACCOUNT, as_list, functions, of_type, resources
from .source import code

SETS = f"arn:aws:ses:eu-west-1:{ACCOUNT}:configuration-set"


def statement(kind, wanted, of):
    """What a resource policy says of `wanted`: who may, and what is denied."""
    found = [p["PolicyDocument"]["Statement"] for p in of_type(kind).values() if wanted in p[of]]
    (said,) = found
    return [{key: value for key, value in s.items() if key != "Sid"} for s in said]


class Streams(unittest.TestCase):
    def test_customers_and_operators_have_a_stream_each(self):
        sets = of_type("AWS::SES::ConfigurationSet")
        self.assertEqual({name: s["Name"] for name, s in sets.items()}, {"CustomerMails": "renown-customers", "OperatorMails": "renown-operators"})
        for name, settings in sets.items():
            with self.subTest(name):
                self.assertEqual(settings["ReputationOptions"], {"ReputationMetricsEnabled": True})
                self.assertEqual(settings["SendingOptions"], {"SendingEnabled": True})
                self.assertEqual(set(settings["SuppressionOptions"]["SuppressedReasons"]), {"BOUNCE", "COMPLAINT"})

    def test_everything_that_is_read_of_a_mail_is_told_to_the_topic(self):
        destinations = of_type("AWS::SES::ConfigurationSetEventDestination")
        self.assertEqual(sorted(d["ConfigurationSetName"] for d in destinations.values()), ["{CustomerMails}", "{OperatorMails}"])
        # The types that shared/core/src/mail/ses.rs reads, as CloudFormation writes them.
        kinds = re.findall(r'^        ("[A-Z][^=]*) =>', code("shared/core/src/mail/ses.rs"), re.M)
        kinds = {name.replace(" ", "") for kind in kinds for name in re.findall(r'"([A-Z][\w ]+)"', kind)}
        self.assertEqual(len(kinds), 10)
        for name, destination in destinations.items():
            with self.subTest(name):
                destination = destination["EventDestination"]
                self.assertIs(destination["Enabled"], True)
                self.assertEqual(destination["SnsDestination"], {"TopicARN": "{MailTopic}"})
                self.assertEqual({t[0].upper() + t[1:] for t in destination["MatchingEventTypes"]}, kinds)
                # SES publishes to the topic when the destination is made.
                self.assertIn("MailTopicPolicy", as_list(resources()[name]["DependsOn"]))

    def test_ses_alone_may_publish_and_only_of_these_streams(self):
        allow, deny = statement("AWS::SNS::TopicPolicy", "{MailTopic}", "Topics")
        self.assertEqual(allow, {
            "Effect": "Allow",
            "Principal": {"Service": "ses.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": "{MailTopic}",
            "Condition": {"StringEquals": {
                "aws:SourceAccount": ACCOUNT,
                "aws:SourceArn": [f"{SETS}/{s['Name']}" for s in of_type("AWS::SES::ConfigurationSet").values()],
            }},
        })
        self.assertEqual((deny["Effect"], deny["Condition"]), ("Deny", {"Bool": {"aws:SecureTransport": "false"}}))

    def test_the_topic_brings_events_as_ses_wrote_them_to_the_queue(self):
        (subscription,) = [s for s in of_type("AWS::SNS::Subscription").values() if s["TopicArn"] == "{MailTopic}"]
        self.assertEqual((subscription["Protocol"], subscription["Endpoint"]), ("sqs", "{MailEvents.Arn}"))
        self.assertIs(subscription["RawMessageDelivery"], True)

    def test_the_topic_alone_may_send_to_the_queue(self):
        allow, _ = statement("AWS::SQS::QueuePolicy", "{MailEvents}", "Queues")
        self.assertEqual(allow, {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": "{MailEvents.Arn}",
            "Condition": {"ArnEquals": {"aws:SourceArn": "{MailTopic}"}},
        })

    def test_the_queue_is_read_by_the_function_that_takes_in_events(self):
        (mapping,) = [m for m in of_type("AWS::Lambda::EventSourceMapping").values() if m["EventSourceArn"] == "{MailEvents.Arn}"]
        self.assertEqual(mapping["FunctionName"], f"{{{functions()['bounce-handler']['Id']}}}")


if __name__ == "__main__":
    unittest.main()
