"""infra/README.md and its Chinese twin: what they name is there, what is there they name, both show the same commands."""

import re
import unittest

from .rendered import ROOT, functions, of_type, written

READMES = [ROOT / "infra/README.md", ROOT / "infra/README.zh-CN.md"]


def commands(text):
    """The lines of its blocks of commands, without what is said beside them or chosen by the reader's language."""
    blocks = re.findall(r"^ *```\n(.*?)^ *```", text, re.S | re.M)
    lines = (re.sub(r"(^| )#.*", "", line).strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line and line.isascii() and not line.startswith("lang = ")]


class Readmes(unittest.TestCase):
    def test_every_parameter_alarm_function_and_queue_is_told_of(self):
        names = [*written()["Parameters"], *of_type("AWS::CloudWatch::Alarm"), *functions()]
        names += [name for name in of_type("AWS::SQS::Queue") if not name.endswith("Dead")]
        for readme in READMES:
            text = readme.read_text()
            self.assertEqual([name for name in names if f"`{name}`" not in text], [], readme.name)

    def test_no_alarm_is_told_of_that_is_not_there(self):
        for readme in READMES:
            told = set(re.findall(r"`(\w+Alarm)`", readme.read_text()))
            self.assertEqual(told, set(of_type("AWS::CloudWatch::Alarm")), readme.name)

    def test_both_show_the_same_commands(self):
        english, chinese = (commands(readme.read_text()) for readme in READMES)
        self.assertGreater(len(english), 60)
        self.assertEqual(english, chinese)

    def test_what_is_asked_of_the_stack_is_among_its_outputs(self):
        for readme in READMES:
            asked = set(re.findall(r"OutputKey=='(\w+)'", readme.read_text())) | {"AlarmsTopicArn"}
            self.assertLessEqual(asked, written()["Outputs"].keys(), readme.name)

    def test_logs_are_asked_of_functions_that_are_there(self):
        for readme in READMES:
            for name in re.findall(r"sam logs .*--name (\w+)", readme.read_text()):
                self.assertEqual(written()["Resources"][name]["Type"], "AWS::Serverless::Function", name)

    def test_every_file_that_is_pointed_to_is_there(self):
        for readme in READMES:
            for link in re.findall(r"\]\(([^)#]+)[^)]*\)", readme.read_text()):
                if not link.startswith("http"):
                    self.assertTrue((readme.parent / link).exists(), f"{readme.name}: {link}")


if __name__ == "__main__":
    unittest.main()
