"""What the Rust source says about itself: calls, names, times. Tests are left out."""

import re
import tomllib
from functools import cache

from .rendered import ROOT


def code(path):
    """The Rust code of a file or a folder, without its unit tests and comments."""
    path = ROOT / path
    files = sorted(path.rglob("*.rs")) if path.is_dir() else [path]
    text = "\n".join(file.read_text().split("#[cfg(test)]")[0] for file in files)
    return re.sub(r"//.*", "", text)


def constants(path):
    """Text constants of a file by their names."""
    return dict(re.findall(r'const (\w+): &str = "([^"]*)"', code(path)))


def toml(path):
    """A TOML file."""
    return tomllib.loads((ROOT / path).read_text())


CALLS = ["get_item", "batch_get_item", "put_item", "update_item", "delete_item", "query", "scan",
         "batch_write_item", "transact_get_items", "transact_write_items"]


@cache
def ledger():
    """Each verb of the ledger with the DynamoDB calls under it; `due` stands for its index."""
    bodies = {}
    for part in re.split(r"\bfn (?=\w)", code("shared/io/src/ledger"))[1:]:
        name = re.match(r"\w+", part)[0]
        bodies[name] = bodies.get(name, "") + part
    direct = {
        name: {call for call in CALLS if re.search(rf"\.{call}\(\)", body)} | ({"due"} if "DUE_INDEX" in body else set())
        for name, body in bodies.items()
    }
    inner = {name: set(re.findall(r"\b(?:self|ledger)\s*\.\s*(\w+)", body)) & bodies.keys() for name, body in bodies.items()}

    def under(name, seen):
        if name in seen:
            return set()
        seen.add(name)
        return direct[name].union(*(under(other, seen) for other in inner[name]))

    return {name: under(name, set()) for name in bodies}


def verbs(crate):
    """The verbs of the ledger that a function calls."""
    called = set(re.findall(r"\bledger\s*\.\s*(\w+)\s*\(", code(f"functions/{crate}/src")))
    assert called and called <= ledger().keys(), f"{crate}: {called - ledger().keys()} are no verbs of the ledger"
    return called


def action(call):
    """A call as IAM names it."""
    return "dynamodb:" + call.title().replace("_", "")


def dynamodb_calls(crate):
    """The DynamoDB calls that a function's own code comes to, and whether it asks the index."""
    calls = set().union(*(ledger()[verb] for verb in verbs(crate)))
    return {action(call) for call in calls - {"due"}}, "due" in calls


def partitions(crate, call):
    """The partitions in which a function makes a call: those of the files of its verbs that make it."""
    found = set()
    for file in (ROOT / "shared/io/src/ledger").glob("*.rs"):
        text = code(file.relative_to(ROOT))
        if f".{call}()" in text and verbs(crate) & set(re.findall(r"\bfn (\w+)", text)):
            found |= set(re.findall(r'Key::new\("(\w+)"', text))
    return found


def secrets_read(crate):
    """The folders of Parameter Store whose secrets a function's code reads."""
    folders = dict(re.findall(r'Self::(\w+) => "(\w+)"', code("shared/io/src/secrets/mod.rs")))
    base = re.search(r'format!\("(/renown/)\{folder\}/', code("shared/io/src/secrets/mod.rs"))[1]
    return {base + folders[scope] + "/" for scope in re.findall(r"\bScope::(\w+)", code(f"functions/{crate}/src"))}


def variables():
    """The variables that a function reads; AWS sets its own."""
    return {name for name in re.findall(r'(?:var|required)\("(\w+)"', code("shared/io/src/settings.rs")) if not name.startswith("AWS_")}
