"""Rights: each function what its code calls, on what it calls it on, and nothing else."""

import re
import unittest

from .rendered import ACCOUNT, allowed, as_list, functions, of_type, resources, role_of, statements
from .source import action, code, dynamodb_calls, partitions, secrets_read

PARAMETERS = f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter"
# Resources that cannot be named one by one, and why.
WILD = {
    f"{PARAMETERS}/renown/live/*": "one secret to a live seller; sellers come and go",
    f"{PARAMETERS}/renown/listen/*": "one secret to a listening seller",
    f"{PARAMETERS}/renown/mail/*": "the keys of mail",
    f"{PARAMETERS}/renown/hooks/*": "one secret to a shop; shops come and go",
    f"{PARAMETERS}/renown/notify/*": "the address and secret of a target; targets come and go",
    f"arn:aws:ses:eu-west-1:{ACCOUNT}:identity/*": "the domains that shops send from, which their owners verify",
}
# Rights for which AWS knows no resource.
OF_NOTHING = {
    "ses:GetAccount": "there is one account; what it may still send is asked once a tick",
    "translate:TranslateText": "it holds nothing; buyers' words go to it where a team's settings say so",
    "ses:ListSuppressedDestinations": "there is one list of the account; it is read once a day",
}
# Who sends mails, and in which stream.
SENDERS = {"ses-send": "CustomerMails", "negative-alert": "OperatorMails"}
# SAM's shapes that grant more than they say, Scan among it.
WIDE = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")


class Rights(unittest.TestCase):
    def test_every_function_has_a_role_of_its_own(self):
        schedules = of_type("AWS::Scheduler::Schedule").values()
        roles = [role_of(f["Role"]) for f in functions().values()] + [role_of(s["Target"]["RoleArn"]) for s in schedules]
        self.assertEqual(sorted(roles), sorted(set(roles)), "two share a role")
        self.assertEqual(set(roles), of_type("AWS::IAM::Role").keys(), "a role that nobody here wrote, or has")

    def test_a_role_is_taken_by_its_service_alone(self):
        for names, service in (
            ([role_of(f["Role"]) for f in functions().values()], "lambda.amazonaws.com"),
            ([role_of(s["Target"]["RoleArn"]) for s in of_type("AWS::Scheduler::Schedule").values()], "scheduler.amazonaws.com"),
        ):
            for name in names:
                with self.subTest(name):
                    trust, = of_type("AWS::IAM::Role")[name]["AssumeRolePolicyDocument"]["Statement"]
                    self.assertEqual(trust["Principal"], {"Service": service})
                    if service.startswith("scheduler"):
                        self.assertEqual(trust["Condition"], {"StringEquals": {"aws:SourceAccount": ACCOUNT}})

    def test_no_role_has_rights_that_are_not_written_here(self):
        for name, role in of_type("AWS::IAM::Role").items():
            self.assertNotIn("ManagedPolicyArns", role, name)
        self.assertEqual([name for name, r in resources().items() if r["Type"] in WIDE], [])

    def test_every_action_and_every_resource_is_named(self):
        for role in of_type("AWS::IAM::Role"):
            for statement in statements(role):
                with self.subTest(role=role, statement=statement.get("Sid")):
                    self.assertEqual(statement["Effect"], "Allow")
                    self.assertEqual(statement.keys() & {"NotAction", "NotResource"}, set())
                    for named in as_list(statement["Action"]):
                        self.assertNotIn("*", named)
                    for resource in as_list(statement["Resource"]):
                        if resource == "*":
                            self.assertLessEqual(set(as_list(statement["Action"])), OF_NOTHING.keys())
                        elif resource not in WILD:
                            self.assertNotIn("*", resource)

    def test_a_function_may_ask_the_table_what_its_code_asks_it(self):
        for crate, function in functions().items():
            with self.subTest(crate):
                calls, asks_index = dynamodb_calls(crate)
                self.assertNotIn("dynamodb:Scan", calls)
                table, index = set(), set()
                for statement in allowed(role_of(function["Role"]), "dynamodb"):
                    for resource in as_list(statement["Resource"]):
                        self.assertIn(resource, ("{Table.Arn}", "{Table.Arn}/index/due"))
                        (index if resource.endswith("/index/due") else table).update(as_list(statement["Action"]))
                self.assertEqual(table, calls)
                self.assertEqual(index, {"dynamodb:Query"} if asks_index else set())

    def test_a_function_changes_in_place_and_deletes_where_its_code_does_it_alone(self):
        # The emulator does not evaluate dynamodb:LeadingKeys: on AWS a wrong one shows first.
        for crate, function in functions().items():
            for statement in allowed(role_of(function["Role"]), "dynamodb"):
                for call in ("update_item", "delete_item"):
                    if action(call) in as_list(statement["Action"]):
                        with self.subTest(crate=crate, call=call):
                            where = sorted(partitions(crate, call))
                            test = "StringLike" if any("*" in partition for partition in where) else "StringEquals"
                            self.assertTrue(where)
                            self.assertEqual(statement.get("Condition"), {f"ForAllValues:{test}": {"dynamodb:LeadingKeys": where}})

    def test_what_is_written_together_is_put(self):
        # Else TransactWriteItems would ask for other rights than PutItem.
        built = set(re.findall(r"TransactWriteItem::builder\(\)\.(\w+)\(", code("shared/io/src/ledger")))
        self.assertEqual(built, {"put"})

    def test_a_function_takes_messages_from_its_own_queue_alone(self):
        queues = {m["FunctionName"]: m["EventSourceArn"] for m in of_type("AWS::Lambda::EventSourceMapping").values()}
        takes = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
        for crate, function in functions().items():
            with self.subTest(crate):
                rights = [(as_list(s["Resource"]), set(as_list(s["Action"]))) for s in allowed(role_of(function["Role"]), "sqs")]
                queue = queues.get(f"{{{function['Id']}}}")
                self.assertEqual(rights, [([queue], takes)] if queue else [])

    def test_a_function_writes_to_its_own_log_alone(self):
        for crate, function in functions().items():
            with self.subTest(crate):
                logs, = allowed(role_of(function["Role"]), "logs")
                self.assertEqual(set(as_list(logs["Action"])), {"logs:CreateLogStream", "logs:PutLogEvents"})
                self.assertEqual("{" + logs["Resource"].strip("{}").removesuffix(".Arn") + "}", function["LoggingConfig"]["LogGroup"])

    def test_a_function_has_no_right_of_any_other_kind(self):
        for crate, function in functions().items():
            services = {a.split(":")[0] for s in statements(role_of(function["Role"])) for a in as_list(s["Action"])}
            others = {"ses"} if crate in SENDERS else set()
            if "Translator" in code(f"functions/{crate}"):
                others.add("translate")
            self.assertEqual(services - {"logs", "sqs", "dynamodb", "ssm", "kms", "events"}, others, crate)

    def test_whoever_tells_the_bus_may_put_events_of_our_own_on_ours(self):
        for crate, function in functions().items():
            with self.subTest(crate):
                tells = bool(re.search(r"\bbus\b|\braise\(", code(f"functions/{crate}/src")))
                rights = [{key: value for key, value in s.items() if key != "Sid"} for s in allowed(role_of(function["Role"]), "events")]
                put = {"Effect": "Allow", "Action": "events:PutEvents", "Resource": "{Bus.Arn}", "Condition": {"StringEquals": {"events:source": "renown"}}}
                self.assertEqual(rights, [put] if tells else [])
        self.assertEqual(re.search(r'SOURCE: &str = "(\w+)"', code("shared/core/src/event.rs"))[1], "renown")

    def test_whoever_sends_mails_sends_them_in_their_stream_alone(self):
        ses = f"arn:aws:ses:eu-west-1:{ACCOUNT}"
        for crate, stream in SENDERS.items():
            granted = {}
            for statement in allowed(role_of(functions()[crate]["Role"]), "ses"):
                for named in as_list(statement["Action"]):
                    granted[named] = set(as_list(statement["Resource"]))
            where = {f"{ses}:identity/*", f"{ses}:configuration-set/{{{stream}}}"}
            # A mail given as MIME asks for SendRawEmail, whatever the operation is called.
            expected = {"ses:SendEmail": where, "ses:SendRawEmail": where}
            if crate == "ses-send":
                expected |= {"ses:GetAccount": {"*"}, "ses:ListSuppressedDestinations": {"*"}}
            self.assertEqual(granted, expected, crate)
        called = set(re.findall(r"client\s*\.(\w+)\(\)", code("shared/io/src/mail/outbox.rs")))
        # Taking an address off that list is an operator's command.
        self.assertEqual(called - {"delete_suppressed_destination"}, {"get_account", "list_suppressed_destinations", "send_email"})


class Secrets(unittest.TestCase):
    def folders(self, crate):
        """What a function may read and decrypt; both must be the same."""
        role = role_of(functions()[crate]["Role"])
        read, decrypted = set(), set()
        for statement in allowed(role, "ssm"):
            self.assertEqual(as_list(statement["Action"]), ["ssm:GetParameter"], crate)
            read.update(as_list(statement["Resource"]))
        for statement in allowed(role, "kms"):
            self.assertEqual(as_list(statement["Action"]), ["kms:Decrypt"], crate)
            self.assertEqual(as_list(statement["Resource"]), ["{Key.Arn}"], crate)
            self.assertEqual(statement["Condition"].keys(), {"StringLike"}, crate)
            self.assertEqual(statement["Condition"]["StringLike"].keys(), {"kms:EncryptionContext:PARAMETER_ARN"}, crate)
            decrypted.update(as_list(statement["Condition"]["StringLike"]["kms:EncryptionContext:PARAMETER_ARN"]))
        self.assertEqual(read, decrypted, f"{crate} reads what it cannot decrypt, or the other way round")
        return {path.removeprefix(PARAMETERS).removesuffix("*") for path in read}

    def test_whoever_asks_buyers_reads_the_secrets_of_live_sellers_alone(self):
        self.assertEqual(self.folders("scheduled-solicit"), {"/renown/live/"})

    def test_whoever_takes_in_notifications_reads_no_secret(self):
        self.assertEqual(self.folders("order-ingest"), set())

    def test_functions_of_mail_read_no_sellers_secret_and_only_web_those_of_hooks(self):
        self.assertEqual(self.folders("ses-send"), {"/renown/mail/"})
        self.assertEqual(self.folders("bounce-handler"), {"/renown/mail/"})
        self.assertEqual(self.folders("web"), {"/renown/mail/", "/renown/hooks/"})

    def test_whoever_tells_operators_reads_how_targets_are_called_and_nothing_else(self):
        self.assertEqual(self.folders("negative-alert"), {"/renown/notify/"})

    def test_a_function_reads_the_secrets_that_its_code_reads(self):
        for crate in functions():
            with self.subTest(crate):
                self.assertEqual(self.folders(crate), secrets_read(crate))

    def test_the_key_is_the_accounts_is_rotated_and_outlives_the_stack(self):
        key = resources()["Key"]
        self.assertIs(key["Properties"]["EnableKeyRotation"], True)
        self.assertEqual(key["DeletionPolicy"], "RetainExceptOnCreate")
        self.assertEqual(key["UpdateReplacePolicy"], "Retain")
        root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        self.assertEqual([s["Principal"] for s in key["Properties"]["KeyPolicy"]["Statement"]], [root])


if __name__ == "__main__":
    unittest.main()
