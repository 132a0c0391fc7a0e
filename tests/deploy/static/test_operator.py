"""Rights of whoever runs `renown --aws REGION`: what its code calls, on this stack's things, and nothing else."""

import json
import re
import unittest

from .rendered import ROOT, as_list, of_type, resources
from .source import action, code, dynamodb_calls, ledger

HERE = "REGION:ACCOUNT"
# What AWS wants beside sqs:StartMessageMoveTask. Source: Amazon SQS, "Configuring queue permissions for dead-letter queue redrive".
MOVES = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:SendMessage"}
# What SSM asks of a key for a standard parameter. Source: KMS, "How AWS Systems Manager Parameter Store uses AWS KMS".
ENCRYPTS = {"kms:Encrypt", "kms:Decrypt"}
# What AWS wants beside ses:SendEmail where a mail is given as MIME.
GIVEN_AS_MIME = {"ses:SendRawEmail"}
# SES keeps one quota and one list of suppressed addresses to an account and region, and gives these rights no resource.
OF_NO_RESOURCE = {"ses:GetAccount", "ses:ListSuppressedDestinations", "ses:PutSuppressedDestination", "ses:DeleteSuppressedDestination"}
# What an operator's command may come to; `renown up` and the demo never run on AWS.
COMMANDS = ["commands", "import", "backup", "aws", "desk.rs", "events.rs", "spreadsheet.rs", "steer.rs", "views.rs"]


def policy():
    return json.loads((ROOT / "infra/operator-policy.json").read_text())["Statement"]


def rights(service):
    """Action → resources, of one service."""
    found = {}
    for statement in policy():
        for named in as_list(statement["Action"]):
            if named.startswith(service + ":"):
                found.setdefault(named, set()).update(as_list(statement["Resource"]))
    return found


def ledger_calls():
    """The DynamoDB calls of the commands; connecting runs report-sync for the back-fill."""
    verbs = set()
    for path in COMMANDS:
        verbs |= set(re.findall(r"\bledger\s*\.\s*(\w+)\s*\(", code(f"infra/local/src/{path}"))) & ledger().keys()
    calls = set().union(*(ledger()[verb] for verb in verbs))
    return {action(call) for call in calls - {"due"}} | dynamodb_calls("report-sync")[0], "due" in calls


class Operator(unittest.TestCase):
    def test_the_table_is_asked_what_the_commands_ask_it(self):
        calls, asks_index = ledger_calls()
        # Copies are read and written beside the ledger.
        calls |= set(re.findall(r'"(dynamodb:\w+)"', code("infra/local/src/aws")))
        table, index = f"arn:aws:dynamodb:{HERE}:table/STACK-Table-*", f"arn:aws:dynamodb:{HERE}:table/STACK-Table-*/index/due"
        found = rights("dynamodb")
        self.assertEqual({a for a, on in found.items() if table in on}, calls)
        self.assertEqual({a for a, on in found.items() if index in on}, {"dynamodb:Query"} if asks_index else set())
        self.assertEqual(set().union(*found.values()), {table, index})

    def test_secrets_are_read_written_and_deleted_in_their_places(self):
        secrets = code("shared/io/src/secrets")
        calls = {f"ssm:{call.title().replace('_', '')}" for call in re.findall(r"\.(\w+_parameter)\(\)", secrets)}
        parameters = f"arn:aws:ssm:{HERE}:parameter/renown"
        places = {f"{parameters}/live/*", f"{parameters}/listen/*", f"{parameters}/mail/*", f"{parameters}/hooks/*", f"{parameters}/notify/*"}
        found = rights("ssm")
        self.assertEqual(found.keys(), calls)
        self.assertEqual(found.pop("ssm:GetParameter"), places | {f"{parameters}/stack"})
        for named, on in found.items():
            self.assertEqual(on, places, named)
        encrypt, = [s for s in policy() if set(as_list(s["Action"])) & ENCRYPTS]
        self.assertEqual(set(encrypt["Action"]), ENCRYPTS)
        self.assertEqual(encrypt["Condition"]["StringEquals"], {"kms:ViaService": "ssm.REGION.amazonaws.com"})
        self.assertEqual(set(encrypt["Condition"]["StringLike"]["kms:EncryptionContext:PARAMETER_ARN"]), places)

    def test_queues_and_clocks_are_looked_at_and_dead_letters_sent_back(self):
        called = set(re.findall(r'"((?:sqs|scheduler):\w+)"', code("infra/local/src/aws")))
        called -= {"sqs:sendmessage", "sqs:getqueueattributes"}  # What is looked for in the queues' policies.
        self.assertEqual(rights("sqs").keys() | rights("scheduler").keys(), called | MOVES)
        read = {f"arn:aws:sqs:{HERE}:STACK-{name}-*" for name in of_type("AWS::SQS::Queue") if not name.endswith("Dead")}
        dead = {f"arn:aws:sqs:{HERE}:STACK-{name}-*" for name in of_type("AWS::SQS::Queue") if name.endswith("Dead")}
        on = rights("sqs")
        self.assertEqual(on["sqs:GetQueueAttributes"], read | dead)
        self.assertEqual(on["sqs:SendMessage"], read)
        for named in ("sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage"):
            self.assertEqual(on[named], dead, named)

    def test_domains_are_looked_at_test_mails_sent_and_addresses_suppressed(self):
        found = rights("ses")
        domains, streams = f"arn:aws:ses:{HERE}:identity/*", {f"arn:aws:ses:{HERE}:configuration-set/STACK-{name}" for name in ("customers", "operators")}
        self.assertEqual(found.pop("ses:GetEmailIdentity"), {domains})
        for named in ("ses:SendEmail", *GIVEN_AS_MIME):
            self.assertEqual(found.pop(named), {domains} | streams, named)
        self.assertEqual(found.keys(), OF_NO_RESOURCE)
        names = {s["Name"].replace("renown", "STACK") for s in of_type("AWS::SES::ConfigurationSet").values()}
        self.assertEqual(streams, {f"arn:aws:ses:{HERE}:configuration-set/{name}" for name in names})
        # What the commands name when SES refuses them.
        called = set(re.findall(r'"(ses:\w+)"', code("infra/local/src")))
        self.assertLessEqual(called, rights("ses").keys())

    def test_every_action_is_named_and_nothing_is_everything(self):
        for statement in policy():
            with self.subTest(statement["Sid"]):
                self.assertEqual(statement["Effect"], "Allow")
                self.assertEqual([a for a in as_list(statement["Action"]) if "*" in a], [])
                if set(as_list(statement["Action"])) <= OF_NO_RESOURCE:
                    self.assertEqual((statement["Resource"], statement["Condition"]), ("*", {"StringEquals": {"aws:RequestedRegion": "REGION"}}))
                    continue
                self.assertEqual([r for r in as_list(statement["Resource"]) if not r.startswith("arn:aws:") or HERE not in r], [])

    def test_the_names_are_those_that_cloudformation_gives(self):
        for name in re.findall(r"STACK-(\w+)-\*", json.dumps(policy())):
            self.assertIn(name, resources())


if __name__ == "__main__":
    unittest.main()
