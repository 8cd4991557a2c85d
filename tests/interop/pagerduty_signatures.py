#!/usr/bin/env python3
"""Holds hallpass's answers to PagerDuty's webhooks against go-pagerduty's webhookv3.

usage: pagerduty_signatures.py relay URL CA_FILE PROGRAM SECRET FOLDER
       pagerduty_signatures.py table URL CA_FILE PROGRAM SECRET
       pagerduty_signatures.py table STATUS - PROGRAM SECRET

PROGRAM is pagerduty/main.go; relay expects the simulated PagerDuty's signatures, and table sends variations of the
webhook by which a subscription is tried. signatures.py says what these two do.
"""
import base64
import dataclasses
import hashlib
import hmac
import json
import subprocess
import sys
import time
import uuid

import signatures
from signatures import Row, of_signature


class PagerDuty(signatures.Untimed):
    library = "webhookv3"
    signature_header = "X-PagerDuty-Signature"
    content_type = "application/json"
    taken = 202
    replay = ""

    def __init__(self, program, secret):
        self.secret = secret.encode()
        self.program = subprocess.Popen([program, "verify", secret], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def signature(self, timestamp, body):
        return "v1=" + hmac.new(self.secret, body, hashlib.sha256).hexdigest()

    def accepts(self, headers, body):
        line = json.dumps({"headers": headers, "body": base64.b64encode(body).decode()})
        self.program.stdin.write(line + "\n")
        self.program.stdin.flush()
        return self.program.stdout.readline() == "true\n"


def rows(pagerduty, by_another):
    def with_another(words):
        """"{good}" and "{other}" in them are signatures."""

        def change(good):
            other = by_another.signature(None, good.body)
            return dataclasses.replace(good, signature=words.format(good=good.signature, other=other))

        return change

    lower = "PagerDuty sends lower case"
    many = "PagerDuty sends two where a secret is replaced"
    return signatures.common_rows(pagerduty, by_another) + [
        Row("the good one first of two", with_another("{good},{other}")),
        Row("the good one second of two", with_another("{other},{good}")),
        Row("a space behind the comma", with_another("{other}, {good}"), laxer="a proxy may write one"),
        Row("two of another key", with_another("{other},{other}")),
        Row("behind one of another version", with_another("v2=0123,{good}")),
        Row("behind twenty others", with_another("{other}," * 20 + "{good}"), stricter=many),
        Row("behind a comma", with_another(",{good}")),
        Row("of another version", of_signature(lambda text: "v2" + text[2:])),
        Row("without its version", of_signature(lambda text: text[3:])),
        Row("in upper case", of_signature(lambda text: "v1=" + text[3:].upper()), stricter=lower),
        Row("not in hex", of_signature(lambda text: "v1=g" + text[4:])),
        Row("a version alone", of_signature(lambda text: "v1=")),
    ]


def body_of(_):
    event = {
        "id": str(uuid.uuid4()),
        "event_type": "pagey.ping",
        "resource_type": "pagey",
        "occurred_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "agent": None,
        "client": None,
        "data": {"message": "Hello from your friend Pagey!", "type": "ping"},
    }
    return json.dumps({"event": event}).encode()


def table(url, ca_file, program, secret):
    pagerduty = PagerDuty(program, secret)
    return signatures.table(pagerduty, rows(pagerduty, PagerDuty(program, secret + "x")), body_of, url, ca_file)


def relay(url, ca_file, program, secret, folder):
    pagerduty = PagerDuty(program, secret)
    signatures.relay(pagerduty, pagerduty, url, ca_file, folder)


def main():
    command = {("relay", 5): relay, ("table", 4): table}.get((sys.argv[1] if len(sys.argv) > 1 else "", len(sys.argv) - 2))
    if command is None:
        print(__doc__, file=sys.stderr)
        return 2
    return command(*sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
