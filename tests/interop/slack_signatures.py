#!/usr/bin/env python3
"""Signs callbacks with slack_sdk, and holds hallpass's answers against slack_sdk's own verifier.

usage: slack_signatures.py relay URL CA_FILE SECRET FOLDER
       slack_signatures.py table URL CA_FILE SECRET FOLDER
       slack_signatures.py table STATUS - SECRET FOLDER

relay stands where the simulated Slack posts its callbacks: it holds their signatures against slack_sdk, signs them anew
and hands them on to URL. Its own port is in FOLDER/port, and the last callback in FOLDER/body.
table sends variations of FOLDER/body. Exits 1 where hallpass takes what slack_sdk refuses, or refuses what it takes
for no reason given here. With a STATUS, it judges a listener that answers everything alike.
"""
import collections
import dataclasses
import http.client
import http.server
import json
import os
import pathlib
import ssl
import sys
import time
import urllib.parse
from typing import Callable, Optional

from slack_sdk.signature import SignatureVerifier

TIMESTAMP = "X-Slack-Request-Timestamp"
SIGNATURE = "X-Slack-Signature"
FORM = ("Content-Type", "application/x-www-form-urlencoded")


@dataclasses.dataclass
class Request:
    timestamp: Optional[str]
    signature: Optional[str]
    body: bytes
    more: tuple = ()  # further headers, after those

    def headers(self):
        own = ((TIMESTAMP, self.timestamp), (SIGNATURE, self.signature))
        return [(name, value) for name, value in own if value is not None] + list(self.more)


@dataclasses.dataclass
class Row:
    name: str
    change: Callable  # of a good request
    age: int = 0
    stricter: str = ""  # why hallpass may refuse what slack_sdk takes


def sign(verifier, body, age=0):
    timestamp = str(int(time.time()) - age)
    return Request(timestamp, verifier.generate_signature(timestamp=timestamp, body=body), body)


def send(url, ca_file, request):
    """The status and the body of the answer."""
    target = urllib.parse.urlsplit(url)
    context = ssl.create_default_context(cafile=ca_file)
    connection = http.client.HTTPSConnection(target.hostname, target.port, timeout=10, context=context)
    connection.putrequest("POST", target.path)
    for name, value in [FORM, *request.headers()]:
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(len(request.body)))
    connection.endheaders(request.body)
    answer = connection.getresponse()
    return answer.status, answer.read()


def changed_in(text, at):
    return text[:at] + ("1" if text[at] != "1" else "2") + text[at + 1 :]


def rows(secret):
    other = SignatureVerifier(secret + "x")

    def put(**fields):
        return lambda good: dataclasses.replace(good, **fields)

    def signature(change):
        return lambda good: dataclasses.replace(good, signature=change(good.signature))

    def body(change):
        return lambda good: dataclasses.replace(good, body=change(good.body))

    def timestamp_signed(text):
        def change(good):
            said = text(good.timestamp)
            made = SignatureVerifier(secret).generate_signature(timestamp=said, body=good.body)
            return dataclasses.replace(good, timestamp=said, signature=made)

        return change

    def a_second_later(good):
        return dataclasses.replace(good, timestamp=str(int(good.timestamp) + 1))

    def doubled(first):
        return lambda good: dataclasses.replace(good, signature=first(good), more=((SIGNATURE, good.signature),))

    def in_upper_case(good):
        return Request(None, None, good.body, tuple((name.upper(), value) for name, value in good.headers()))

    def by_another(good):
        return other.generate_signature(timestamp=good.timestamp, body=good.body)

    twice = "a header that is there twice proves nothing"
    return [
        Row("signed now", put()),
        Row("signed four minutes ahead", put(), age=-240),
        Row("signed four minutes ago", put(), age=240, stricter="another process may have seen it before the start"),
        Row("signed ten minutes ago", put(), age=600),
        Row("signed ten minutes ahead", put(), age=-600),
        Row("cut by a digit", signature(lambda text: text[:-1])),
        Row("a digit too long", signature(lambda text: text + "0")),
        Row("in upper case", signature(lambda text: "v0=" + text[3:].upper())),
        Row("its first digit changed", signature(lambda text: changed_in(text, 3))),
        Row("its last digit changed", signature(lambda text: changed_in(text, len(text) - 1))),
        Row("without its version", signature(lambda text: text[3:])),
        Row("of another version", signature(lambda text: "v1" + text[2:])),
        Row("empty", signature(lambda text: "")),
        Row("by another secret", lambda good: dataclasses.replace(good, signature=by_another(good))),
        Row("a byte of the body changed", body(lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]))),
        Row("a byte added to the body", body(lambda raw: raw + b"&")),
        Row("the body cut", body(lambda raw: raw[:-1])),
        Row("no body", body(lambda raw: b"")),
        Row("the timestamp a second later", a_second_later),
        Row("a timestamp in milliseconds", timestamp_signed(lambda text: text + "000")),
        Row("a timestamp that is no number", timestamp_signed(lambda text: text + "x")),
        Row("an empty timestamp", timestamp_signed(lambda text: "")),
        Row("a timestamp with a sign", timestamp_signed(lambda text: "+" + text), stricter="Slack sends digits only"),
        Row("no timestamp", put(timestamp=None)),
        Row("no signature", put(signature=None)),
        Row("the signature twice", doubled(lambda good: good.signature), stricter=twice),
        Row("two signatures, the good one last", doubled(by_another), stricter=twice),
        Row("header names in upper case", in_upper_case),
    ]


def accepts(verifier, request):
    try:
        return verifier.is_valid_request(request.body, dict(request.headers()))
    except ValueError:  # of a timestamp that it can't read
        return False


def body_of_its_own(captured, number):
    """So that no row's signature is another's."""
    payload = json.loads(urllib.parse.parse_qs(captured.decode())["payload"][0])
    payload["actions"][0]["action_ts"] = f"{int(time.time())}.{number:06}"
    return urllib.parse.urlencode({"payload": json.dumps(payload)}).encode()


def judge(name, by_slack_sdk, status, stricter):
    """"agreed", "stricter" or "WRONG", and says all but the first."""
    words = f"{name}: slack_sdk {'takes' if by_slack_sdk else 'refuses'} it, hallpass answers {status}"
    if status == (200 if by_slack_sdk else 401):
        return "agreed"
    if by_slack_sdk and status == 401 and stricter:
        print(f"stricter  {words}: {stricter}")
        return "stricter"
    print(f"WRONG     {words}")
    return "WRONG"


def table(url, ca_file, secret, folder):
    verifier = SignatureVerifier(secret)
    captured = pathlib.Path(folder, "body").read_bytes()
    answer = (lambda request: int(url)) if url.isdigit() else (lambda request: send(url, ca_file, request)[0])
    found = collections.Counter()
    first = None
    for number, row in enumerate(rows(secret)):
        request = row.change(sign(verifier, body_of_its_own(captured, number), row.age))
        first = first or request
        found[judge(row.name, accepts(verifier, request), answer(request), row.stricter)] += 1
    replay = "every callback counts once"
    found[judge("signed now, a second time", accepts(verifier, first), answer(first), replay)] += 1
    print(f"{found['agreed']} agreed, {found['stricter']} stricter, {found['WRONG']} wrong")
    return 1 if found["WRONG"] else 0


def relay(url, ca_file, secret, folder):
    verifier = SignatureVerifier(secret)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if verifier.is_valid_request(body, dict(self.headers.items())):
                pathlib.Path(folder, "body").write_bytes(body)
                self.answer(*send(url, ca_file, sign(verifier, body)))
            else:
                self.answer(400, b"slack_sdk refuses the simulated Slack's own signature")

        def log_message(self, *_):
            pass

        def answer(self, status, body):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port = pathlib.Path(folder, "port.new")
    port.write_text(str(server.server_port), encoding="ascii")
    os.rename(port, pathlib.Path(folder, "port"))
    server.serve_forever()


def main():
    commands = {"relay": relay, "table": table}
    if len(sys.argv) != 6 or sys.argv[1] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    return commands[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
