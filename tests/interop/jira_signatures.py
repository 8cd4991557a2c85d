#!/usr/bin/env python3
"""Holds hallpass's answers to Jira's webhooks against Python's hmac, used as Atlassian describes it.

usage: jira_signatures.py relay URL CA_FILE SECRET FOLDER
       jira_signatures.py table URL CA_FILE SECRET
       jira_signatures.py table STATUS - SECRET

relay expects the simulated Jira's signatures, and table sends variations of a webhook that moves no issue.
signatures.py says what these two do.
"""
import hmac
import json
import sys
import time

import signatures
from signatures import Row, of_signature

# As it is published.
EXAMPLE = ("It's a Secret to Everybody", b"Hello World!")
EXAMPLE_SIGNATURE = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"


class Jira(signatures.Untimed):
    library = "hmac"
    signature_header = "X-Hub-Signature"
    content_type = "application/json; charset=UTF-8"
    replay = ""

    def __init__(self, secret):
        self.secret = secret.encode()

    def by(self, method, body):
        return f"{method}={hmac.new(self.secret, body, method).hexdigest()}"

    def signature(self, timestamp, body):
        return self.by("sha256", body)

    def accepts(self, headers, body):
        found = {name.lower(): value for name, value in headers.items()}
        given = found.get(self.signature_header.lower(), "")
        method = given.partition("=")[0]
        return method in ("sha256", "sha1", "sha512") and hmac.compare_digest(given, self.by(method, body))


def rows(jira, by_another):
    def signed_by(method):
        def change(good):
            return signatures.Request(None, jira.by(method, good.body), good.body)

        return change

    ours = "Jira signs by SHA-256"
    return signatures.common_rows(jira, by_another) + [
        Row("by SHA-1", signed_by("sha1"), stricter=ours),
        Row("by SHA-512", signed_by("sha512"), stricter=ours),
        Row("in upper case", of_signature(lambda text: "sha256=" + text[7:].upper())),
        Row("its method in upper case", of_signature(lambda text: "SHA256" + text[6:])),
        Row("without its method", of_signature(lambda text: text[7:])),
        Row("a method alone", of_signature(lambda text: "sha256=")),
        Row("a space before it", of_signature(lambda text: "sha256= " + text[7:])),
    ]


def body_of(number):
    return json.dumps({"timestamp": int(time.time() * 1000) + number, "webhookEvent": "comment_created"}).encode()


def table(url, ca_file, secret):
    if Jira(EXAMPLE[0]).signature(None, EXAMPLE[1]) != EXAMPLE_SIGNATURE:
        print("WRONG     Jira signs otherwise")
        return 1
    jira = Jira(secret)
    return signatures.table(jira, rows(jira, Jira(secret + "x")), body_of, url, ca_file)


def relay(url, ca_file, secret, folder):
    signatures.relay(Jira(secret), Jira(secret), url, ca_file, folder)


def main():
    command = {("relay", 4): relay, ("table", 3): table}.get((sys.argv[1] if len(sys.argv) > 1 else "", len(sys.argv) - 2))
    if command is None:
        print(__doc__, file=sys.stderr)
        return 2
    return command(*sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
