"""The template as CloudFormation gets it: SAM's own transform, then parameters and functions.

`!Ref X` becomes `{X}`, `!GetAtt X.Arn` becomes `{X.Arn}`; the account is 111111111111.
"""

import os
import re
from functools import cache
from pathlib import Path

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")

from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

ROOT = Path(__file__).resolve().parents[3]
# Another file, for trying whether a test can fail.
TEMPLATE = Path(os.environ.get("RENOWN_TEMPLATE", ROOT / "infra/template.yaml"))
ACCOUNT = "111111111111"
PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::AccountId": ACCOUNT,
    "AWS::StackName": "renown",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": None,
}


def written():
    """The template as it is written."""
    return yaml_parse(TEMPLATE.read_text())


@cache
def resources(**parameters):
    """The resources by their logical ids, with `parameters` in place of the defaults."""
    template = written()
    values = {name: parameter["Default"] for name, parameter in template["Parameters"].items()} | parameters
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # The transform takes no local folders; `sam package` has replaced them by then.
            resource["Properties"]["CodeUri"] = "s3://bucket/code"
    template = Translator({}, Parser()).translate(template, values, get_managed_policy_map=dict)
    conditions = template.get("Conditions", {})

    def named(name):
        return PSEUDO[name] if name in PSEUDO else values.get(name, f"{{{name}}}")

    def plain(node):
        if isinstance(node, list):
            return [value for value in map(plain, node) if value is not None]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (function, argument), = node.items()
            match function:
                case "Ref":
                    return named(argument)
                case "Fn::GetAtt":
                    return "{" + (argument if isinstance(argument, str) else ".".join(argument)) + "}"
                case "Fn::Sub":
                    return re.sub(r"\$\{([^}]+)\}", lambda name: str(named(name[1])), argument)
                case "Fn::If":
                    return plain(argument[1 if holds(conditions[argument[0]]) else 2])
                case _ if function.startswith("Fn::"):
                    raise NotImplementedError(function)
        return {key: value for key, value in ((key, plain(value)) for key, value in node.items()) if value is not None}

    def holds(condition):
        (function, argument), = condition.items()
        match function:
            case "Fn::Not":
                return not holds(argument[0])
            case "Fn::Equals":
                return plain(argument[0]) == plain(argument[1])
            case _:
                raise NotImplementedError(function)

    return {
        name: plain(resource)
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or holds(conditions[resource["Condition"]])
    }


def of_type(kind, **parameters):
    """The properties of all resources of a type."""
    found = {name: r.get("Properties", {}) for name, r in resources(**parameters).items() if r["Type"] == kind}
    assert found, f"the template has no {kind}"
    return found


def as_list(value):
    """IAM writes a list of one as its only member."""
    return value if isinstance(value, list) else [value]


def functions(**parameters):
    """The functions by the names of their crates."""
    crates = {
        name: resource["Metadata"]["BuildProperties"]["Binary"]
        for name, resource in written()["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    return {crates[name]: properties | {"Id": name} for name, properties in of_type("AWS::Lambda::Function", **parameters).items()}


def role_of(properties):
    """The logical id of a role that something names by its ARN."""
    return re.fullmatch(r"\{(\w+)\.Arn\}", properties)[1]


def statements(role):
    """What a role may do."""
    return [s for policy in of_type("AWS::IAM::Role")[role]["Policies"] for s in policy["PolicyDocument"]["Statement"]]


def allowed(role, service):
    """The statements of a role about one service."""
    return [s for s in statements(role) if any(action.startswith(service + ":") for action in as_list(s["Action"]))]
