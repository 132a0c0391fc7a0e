"""Functions, the table, and what the command line reads."""

import json
import re
import unittest

from .rendered import ROOT, TEMPLATE, functions, of_type, resources, written
from .source import code, constants, toml, variables


# Of the HTTP API itself; AWS's own domain is not in the name.
PUBLIC_URL = "https://{WebApi}.execute-api.eu-west-1.amazonaws.com"


def seconds(crate, name):
    """A duration among a function's constants."""
    unit, number = re.search(rf"const {name}: SignedDuration = SignedDuration::from_(secs|mins)\((\d+)\)", code(f"functions/{crate}/src/lib.rs")).groups()
    return int(number) * {"secs": 1, "mins": 60}[unit]


class Functions(unittest.TestCase):
    def test_every_function_of_the_workspace_is_deployed(self):
        crates = {path.parent.name for path in (ROOT / "functions").glob("*/Cargo.toml")}
        self.assertEqual(functions().keys(), crates)
        for name, resource in written()["Resources"].items():
            if resource["Type"] == "AWS::Serverless::Function":
                crate = resource["Metadata"]["BuildProperties"]["Binary"]
                self.assertEqual(resource["Properties"]["CodeUri"], f"../functions/{crate}", name)
                self.assertEqual(resource["Metadata"]["BuildMethod"], "rust-cargolambda", name)

    def test_every_variable_that_the_code_reads_is_set_and_no_other(self):
        for crate, function in functions(AmazonUrl="http://simulator.example", ChatsUrl="http://chats.example").items():
            with self.subTest(crate):
                self.assertEqual(function["Environment"]["Variables"].keys(), variables(crate))
                self.assertEqual(function["Environment"]["Variables"]["RENOWN_TABLE"], "{Table}")
                self.assertEqual(function["Environment"]["Variables"]["RENOWN_SPAPI_URL"], "http://simulator.example")

    def test_without_a_simulator_the_functions_are_told_no_address(self):
        # An empty one would be refused: Amazon's hosts are meant where there is none.
        for crate, function in functions().items():
            self.assertEqual(function["Environment"]["Variables"].keys(), variables(crate) - {"RENOWN_SPAPI_URL", "RENOWN_CHATS_URL"}, crate)

    def test_who_sends_mails_knows_their_stream_and_where_their_links_lead(self):
        read = functions()["ses-send"]["Environment"]["Variables"]
        self.assertEqual(read["RENOWN_CONFIGURATION_SET"], "{CustomerMails}")
        tells = functions()["negative-alert"]["Environment"]["Variables"]
        self.assertEqual(tells["RENOWN_OPERATORS_CONFIGURATION_SET"], "{OperatorMails}")
        # https and no slash at the end: shared/io/src/settings.rs refuses anything else.
        self.assertEqual(read["RENOWN_PUBLIC_URL"], PUBLIC_URL)
        self.assertEqual(written()["Outputs"]["PublicUrl"]["Value"]["Fn::Sub"], "https://${WebApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}")

    def test_no_function_is_in_a_vpc_or_reserves_what_a_new_account_has_not(self):
        for crate, function in functions().items():
            self.assertEqual(function.keys() & {"VpcConfig", "ReservedConcurrentExecutions"}, set(), crate)

    def test_a_tick_has_the_time_that_it_takes_itself(self):
        for crate in ("scheduled-solicit", "ses-send"):
            self.assertGreaterEqual(functions()[crate]["Timeout"], seconds(crate, "AT_MOST") + seconds(crate, "LAST_START"))
        self.assertGreater(functions()["report-sync"]["Timeout"], 2 * seconds("report-sync", "LAST_START"))

    def test_the_processor_is_that_of_the_parameter(self):
        for machine in ("arm64", "x86_64"):
            for crate, function in functions(Architecture=machine).items():
                self.assertEqual((function["Architectures"], function["Runtime"]), ([machine], "provided.al2023"), crate)
        self.assertEqual(functions()["order-ingest"]["Architectures"], ["arm64"])

    def test_every_function_writes_json_to_a_log_that_ends(self):
        groups = of_type("AWS::Logs::LogGroup")
        for crate, function in functions().items():
            with self.subTest(crate):
                logging = function["LoggingConfig"]
                self.assertEqual((logging["LogFormat"], logging["SystemLogLevel"]), ("JSON", "WARN"))
                self.assertIn(logging["LogGroup"].strip("{}"), groups)
        self.assertEqual(len({f["LoggingConfig"]["LogGroup"] for f in functions().values()}), len(functions()))
        for name, group in groups.items():
            self.assertEqual(group["RetentionInDays"], 400, name)
        for name, group in of_type("AWS::Logs::LogGroup", LogRetentionDays=30).items():
            self.assertEqual(group["RetentionInDays"], 30, name)


class Build(unittest.TestCase):
    def test_sam_builds_what_the_profile_bootstrap_says(self):
        profile = toml("Cargo.toml")["profile"]["bootstrap"]
        self.assertEqual(profile.pop("inherits"), "release")
        self.assertEqual(toml("functions/.cargo/config.toml")["profile"]["release"], profile)

    def test_cargo_lambda_adds_nothing_of_its_own(self):
        self.assertIs(toml("Cargo.toml")["workspace"]["metadata"]["lambda"]["build"]["disable_optimizations"], True)


class Table(unittest.TestCase):
    def setUp(self):
        self.table = of_type("AWS::DynamoDB::Table")["Table"]
        self.names = constants("shared/io/src/ledger/item.rs")

    def keys(self, hash_key, range_key):
        names = [(self.names[hash_key], "HASH"), (self.names[range_key], "RANGE")]
        return [{"AttributeName": name, "KeyType": kind} for name, kind in names]

    def test_keys_and_index_are_those_of_the_code(self):
        self.assertEqual(self.table["KeySchema"], self.keys("PK", "SK"))
        index, = self.table["GlobalSecondaryIndexes"]
        self.assertEqual(index, {
            "IndexName": self.names["DUE_INDEX"],
            "KeySchema": self.keys("DUE_PK", "DUE_SK"),
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        })
        texts = {self.names[name] for name in ("PK", "SK", "DUE_PK", "DUE_SK")}
        self.assertEqual({(a["AttributeName"], a["AttributeType"]) for a in self.table["AttributeDefinitions"]}, {(n, "S") for n in texts})

    def test_items_expire_by_the_attribute_that_the_code_writes(self):
        self.assertEqual(self.table["TimeToLiveSpecification"], {"AttributeName": self.names["EXPIRES_AT"], "Enabled": True})

    def test_the_table_outlives_the_stack_and_can_be_taken_back(self):
        resource = resources()["Table"]
        self.assertEqual((resource["DeletionPolicy"], resource["UpdateReplacePolicy"]), ("Retain", "Retain"))
        self.assertIs(self.table["DeletionProtectionEnabled"], True)
        self.assertEqual(self.table["PointInTimeRecoverySpecification"], {"PointInTimeRecoveryEnabled": True})

    def test_the_table_is_paid_for_by_use_and_is_named_by_cloudformation(self):
        self.assertEqual(self.table["BillingMode"], "PAY_PER_REQUEST")
        self.assertNotIn("TableName", self.table)


class Stack(unittest.TestCase):
    def test_the_command_line_is_told_what_the_stack_is_made_of(self):
        parameter, = of_type("AWS::SSM::Parameter").values()
        self.assertEqual((parameter["Name"], parameter["Type"]), ("/renown/stack", "String"))
        self.assertEqual(json.loads(parameter["Value"]), {
            "v": 1,
            "stack": "renown",
            "amazon": "",
            "chats": "",
            "table": "{Table}",
            "key": "{Key.Arn}",
            "queues": {"notifications": "{Notifications.Arn}", "reports": "{Reports.Arn}"},
            "dead_letters": {
                "notifications": "{NotificationsDead.Arn}",
                "reports": "{ReportsDead.Arn}",
                "mail_events": "{MailEventsDead.Arn}",
            },
            "functions": {crate: f"{{{function['Id']}}}" for crate, function in functions().items()},
            "schedules": {
                "report-sync": "{ReportSyncSchedule}",
                "scheduled-solicit": "{ScheduledSolicitSchedule}",
                "ses-send": "{SesSendSchedule}",
                "negative-alert": "{NegativeAlertSchedule}",
            },
            "public_url": PUBLIC_URL,
            "mail_events": "{MailEvents.Arn}",
            "mail_topic": "{MailTopic}",
            "configuration_set": "{CustomerMails}",
            "operators_configuration_set": "{OperatorMails}",
            "bus": "{Bus}",
            "alarms": "{Alarms}",
        })

    def test_what_the_command_line_is_told_fits_into_a_parameter(self):
        parameter, = of_type("AWS::SSM::Parameter").values()
        # A standard parameter holds 4 KB (SSM); a physical name is some 60 letters longer than a logical one.
        names = parameter["Value"].count("{") - 1
        self.assertLess(len(parameter["Value"]) + 100 * names, 4096)

    def test_parameters_and_outputs_say_what_they_are(self):
        template = written()
        for name, thing in (template["Parameters"] | template["Outputs"]).items():
            self.assertTrue(thing.get("Description"), name)

    def test_every_check_that_is_skipped_has_its_reason_beside_it(self):
        for name, resource in written()["Resources"].items():
            for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", []):
                self.assertTrue(skip.get("comment"), f"{name}: {skip['id']}")
        lines = TEMPLATE.read_text().splitlines()
        for number, line in enumerate(lines):
            if "ignore_checks: [" in line or re.fullmatch(r"\s+- [WE]S\d+", line):
                self.assertIn("#", lines[number - 1], f"line {number + 1}: {line.strip()}")


if __name__ == "__main__":
    unittest.main()
