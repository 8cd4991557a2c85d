#!/usr/bin/env python3
"""Signs callbacks with slack_sdk, and holds hallpass's answers against slack_sdk's own verifier.

usage: slack_signatures.py relay URL CA_FILE SECRET FOLDER
       slack_signatures.py table URL CA_FILE SECRET FOLDER
       slack_signatures.py table STATUS - SECRET FOLDER

signatures.py says what the commands do; table sends variations of FOLDER/body.
"""
import dataclasses
import json
import pathlib
import sys
import time
import urllib.parse

import signatures
from signatures import Row, of_signature, put
from slack_sdk.signature import SignatureVerifier


class Slack(signatures.Scheme):
    library = "slack_sdk"
    timestamp_header = "X-Slack-Request-Timestamp"
    signature_header = "X-Slack-Signature"
    content_type = "application/x-www-form-urlencoded"

    def __init__(self, secret):
        self.verifier = SignatureVerifier(secret)

    def signature(self, timestamp, body):
        return self.verifier.generate_signature(timestamp=timestamp, body=body)

    def accepts(self, headers, body):
        return self.verifier.is_valid_request(body, headers)


def rows(secret):
    slack = Slack(secret)

    def timestamp_signed(text):
        def change(good):
            said = text(good.timestamp)
            return dataclasses.replace(good, timestamp=said, signature=slack.signature(said, good.body))

        return change

    return signatures.timed_rows(slack, Slack(secret + "x")) + [
        Row("signed four minutes ahead", put(), age=-240),
        Row("signed four minutes ago", put(), age=240, stricter="another process may have seen it before the start"),
        Row("signed ten minutes ago", put(), age=600),
        Row("signed ten minutes ahead", put(), age=-600),
        Row("in upper case", of_signature(lambda text: "v0=" + text[3:].upper())),
        Row("without its version", of_signature(lambda text: text[3:])),
        Row("of another version", of_signature(lambda text: "v1" + text[2:])),
        Row("a timestamp in milliseconds", timestamp_signed(lambda text: text + "000")),
        Row("a timestamp that is no number", timestamp_signed(lambda text: text + "x")),
        Row("an empty timestamp", timestamp_signed(lambda text: "")),
        Row("a timestamp with a sign", timestamp_signed(lambda text: "+" + text), stricter="Slack sends digits only"),
    ]


def table(url, ca_file, secret, folder):
    payload = json.loads(urllib.parse.parse_qs(pathlib.Path(folder, "body").read_text())["payload"][0])

    def body_of(number):
        # Each its own, so that no row's signature is another's.
        payload["actions"][0]["action_ts"] = f"{int(time.time())}.{number:06}"
        return urllib.parse.urlencode({"payload": json.dumps(payload)}).encode()

    return signatures.table(Slack(secret), rows(secret), body_of, url, ca_file)


def relay(url, ca_file, secret, folder):
    signatures.relay(Slack(secret), Slack(secret), url, ca_file, folder)


def main():
    commands = {"relay": relay, "table": table}
    if len(sys.argv) != 6 or sys.argv[1] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    return commands[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
