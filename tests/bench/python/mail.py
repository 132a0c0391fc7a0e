"""The jobs of ses-send and bounce-handler in plain Python, with its standard library alone.

    mail.py write TEMPLATES N
    mail.py hear EVENTS

`write` fills the templates of a file (JSON: language to text) with string.Template, N mails in
all, escapes them into HTML and makes each a mail with email.message. It checks no text.

`hear` takes in a file of SQS events, one a line: SNS's envelope and SES's event are parsed, an
address becomes a keyed hash, what happened to a mail is written into SQLite in memory, bounces
and complaints are counted by day, addresses suppressed, one transaction an event.

Prints one JSON object: how many were done, and the seconds on the clock and of the processor.
Start, imports and the preparation of templates are not in them.
"""

import hashlib
import hmac
import html
import json
import re
import secrets
import sqlite3
import sys
import time
from email.message import EmailMessage
from email.policy import SMTP
from string import Template

KEY = b"0123456789abcdef0123456789abcdef"
CONDITION = re.compile(r"{% if \w+ %}(.*?)(?:{% else %}.*?)?{% endif %}", re.DOTALL)
VARIABLE = re.compile(r"{{ (\w+) }}")
BUTTON = re.compile(r"\[button: ([^]]*)\]\(([^)]*)\)")


def prepared(source):
    """Subject and paragraphs of a template; each condition is taken to hold."""
    text = VARIABLE.sub(r"${\1}", CONDITION.sub(r"\1", source))
    head, body = text.split("\n---\n", 1)
    subject = next(line for line in head.splitlines() if line.startswith("subject:"))
    return Template(subject[8:].strip()), [Template(part.strip()) for part in body.split("\n\n") if part.strip()]


def paragraph(text):
    button = BUTTON.fullmatch(text)
    if button:
        label, url = button.groups()
        return f"{label}:\n{url}", f'<p><a href="{html.escape(url)}">{html.escape(label)}</a></p>'
    return text, "<p>" + html.escape(text).replace("\n", "<br>\n") + "</p>"


def person(address):
    return hmac.new(KEY, address.strip().lower().encode(), hashlib.sha256).hexdigest()[:32]


def write(templates, n):
    with open(templates, encoding="utf-8") as file:
        texts = [prepared(source) for source in json.load(file).values()]
    octets = 0
    wall, cpu = time.perf_counter(), time.process_time()
    for i in range(n):
        subject, parts = texts[i % len(texts)]
        token = person(f"c{i}@post.example") + secrets.token_hex(48)
        values = {
            "customer_name": "Ana Muster",
            "shop_name": "Teehaus",
            "order_number": f"#{i}",
            "product_name": "Sencha",
            "review_url": f"https://tea.example/review/{i}",
            "survey_url": "",
            "support_email": "help@tea.example",
            "postal_address": "Teehaus GmbH, Lindenweg 5, 10115 Berlin, Germany",
            "unsubscribe_url": f"https://r.example/u/1-{token}",
        }
        shown = [paragraph(part.substitute(values)) for part in parts]
        mail = EmailMessage(policy=SMTP)
        mail["From"] = "Teehaus <reviews@mail.tea.example>"
        mail["To"] = f"Ana Muster <c{i}@post.example>"
        mail["Subject"] = subject.substitute(values)
        mail["List-Unsubscribe"] = f"<{values['unsubscribe_url']}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content("\n\n".join(text for text, _ in shown))
        body = "\n".join(markup for _, markup in shown)
        mail.add_alternative(f"<!doctype html>\n<html><body>{body}</body></html>", subtype="html")
        octets += len(mail.as_bytes())
    return n, octets, time.perf_counter() - wall, time.process_time() - cpu


def hear(events):
    with open(events, encoding="utf-8") as file:
        lines = file.read().splitlines()
    store = sqlite3.connect(":memory:", isolation_level=None)
    store.execute("CREATE TABLE mails (id TEXT PRIMARY KEY, heard TEXT, at TEXT)")
    store.execute("CREATE TABLE suppressed (person TEXT PRIMARY KEY, reason TEXT)")
    store.execute("CREATE TABLE days (day TEXT PRIMARY KEY, bounced INTEGER, complained INTEGER)")
    n = 0
    wall, cpu = time.perf_counter(), time.process_time()
    for line in lines:
        for record in json.loads(line)["Records"]:
            event = json.loads(json.loads(record["body"])["Message"])
            kind, mail = event["eventType"], event["mail"]
            tags = mail["tags"]
            key = "#".join(tags[name][0] for name in ("renown-shop", "renown-order", "renown-kind"))
            store.execute("BEGIN IMMEDIATE")
            row = store.execute("SELECT heard FROM mails WHERE id = ?", (key,)).fetchone()
            heard = json.loads(row[0]) if row else []
            if kind not in heard:
                heard.append(kind)
                values = (key, json.dumps(heard), mail["timestamp"])
                store.execute("INSERT OR REPLACE INTO mails VALUES (?, ?, ?)", values)
                if kind in ("Bounce", "Complaint"):
                    day = mail["timestamp"][:10]
                    store.execute("INSERT OR IGNORE INTO days VALUES (?, 0, 0)", (day,))
                    column = "bounced" if kind == "Bounce" else "complained"
                    store.execute(f"UPDATE days SET {column} = {column} + 1 WHERE day = ?", (day,))
            for address in mail["destination"]:
                who = person(address)
                if kind in ("Bounce", "Complaint"):
                    store.execute("INSERT OR IGNORE INTO suppressed VALUES (?, ?)", (who, kind))
            store.execute("COMMIT")
            n += 1
    suppressed = store.execute("SELECT COUNT(*) FROM suppressed").fetchone()[0]
    return n, suppressed, time.perf_counter() - wall, time.process_time() - cpu


def main(job, file, n="0"):
    done, result, wall, cpu = write(file, int(n)) if job == "write" else hear(file)
    print(json.dumps({"done": done, "result": result, "wall": wall, "cpu": cpu}))


main(*sys.argv[1:])
