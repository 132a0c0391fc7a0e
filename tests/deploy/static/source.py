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
    for file in sorted((ROOT / "shared/io/src/ledger").glob("*.rs")):
        for part in re.split(r"\bfn (?=\w)", code(file.relative_to(ROOT)))[1:]:
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


@cache
def helpers():
    """What stands between functions and the ledger: each with the verbs that it calls."""
    parts = re.split(r"\bfn (?=\w)", code("shared/io/src/mail") + code("shared/io/src/bus.rs"))[1:]
    found = {re.match(r"\w+", part)[0]: set(re.findall(r"\bledger\.(\w+)\(", part)) for part in parts}
    for part in parts:
        # `access_denied` raises a signal itself.
        if re.search(r"(?<!fn )\braise\(", part):
            found[re.match(r"\w+", part)[0]] |= found["raise"]
    return {name: verbs for name, verbs in found.items() if verbs}


def verbs(crate):
    """The verbs of the ledger that a function calls."""
    text = code(f"functions/{crate}/src")
    called = set(re.findall(r"\bledger\s*\.\s*(\w+)\s*\(", text))
    called = called.union(*(verbs for name, verbs in helpers().items() if re.search(rf"(?<![\w.]){name}\(", text)))
    assert called and called <= ledger().keys(), f"{crate}: {called - ledger().keys()} are no verbs of the ledger"
    return called


def action(call):
    """A call as IAM names it. What is put together (a test holds that no transaction does more) asks for the same right."""
    return "dynamodb:" + call.replace("transact_write_items", "put_item").title().replace("_", "")


def dynamodb_calls(crate):
    """The DynamoDB calls that a function's own code comes to, and whether it asks the index."""
    calls = set().union(*(ledger()[verb] for verb in verbs(crate)))
    return {action(call) for call in calls - {"due"}}, "due" in calls


def partitions(crate, call):
    """The partitions in which a function makes a call: those of the files of its verbs that make it."""
    found = set()
    for file in (ROOT / "shared/io/src/ledger").glob("*.rs"):
        text = code(file.relative_to(ROOT))
        its_verbs = verbs(crate) & set(re.findall(r"\bfn (\w+)", text))
        # Deletions of an item go through one verb of the ledger.
        makes = f".{call}()" in text or (call == "delete_item" and "self.delete(" in text)
        if makes and any(call in ledger()[verb] for verb in its_verbs):
            found |= set(re.findall(r'Key::new\("(\w+)"', text))
            # Those of a seller have its id behind the mark.
            found |= {f"{name}#*" for name in re.findall(r'fn pk\([^{]*\{\s*format!\("(\w+)#\{\w+\}"\)', text)}
    return found


def secrets_read(crate):
    """The folders of Parameter Store whose secrets a function's code reads."""
    folders = dict(re.findall(r'Self::(\w+) => "(\w+)"', code("shared/io/src/secrets")))
    base = re.search(r'format!\("(/renown/)\{folder\}/', code("shared/io/src/secrets"))[1]
    text = code(f"functions/{crate}/src")
    found = {base + folders[scope] + "/" for scope in re.findall(r"\bScope::(\w+)", text) if scope in folders}
    if "Keys::read(" in text:
        found.add(constants("shared/io/src/mail/keys.rs")["PATH"].removesuffix("keys"))
    if ".secrets.hook_of_target(" in text:
        found.add(re.search(r'format!\("(/renown/\w+/)\{target\}"', code("shared/io/src/push/hook.rs"))[1])
    if ".secrets.hooks(" in text:
        found.add(re.search(r'format!\("(/renown/\w+/)\{shop\}"', code("shared/io/src/mail/signature.rs"))[1])
    return found


def variables(crate):
    """The variables that a function reads; AWS sets its own."""
    groups = re.split(r"^impl (\w+) \{", code("shared/io/src/settings.rs"), flags=re.M)
    groups = dict(zip(groups[1::2], groups[2::2]))
    read = re.findall(r"\b(\w+)::from_env\(", code(f"functions/{crate}/src/main.rs"))
    names = {name for group in read for name in re.findall(r'(?:var|set|required)\("(\w+)"', groups[group])}
    return {name for name in names if not name.startswith("AWS_")}
