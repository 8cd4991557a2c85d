"""What the judges of signed callbacks share: variations of a good one, and hallpass's answers beside a library's."""
import collections
import contextlib
import dataclasses
import http.client
import http.server
import io
import os
import pathlib
import ssl
import time
import urllib.parse
from typing import Callable, Optional


@dataclasses.dataclass
class Request:
    timestamp: Optional[str]
    signature: Optional[str]
    body: bytes
    more: tuple = ()  # further headers, after those


@dataclasses.dataclass
class Row:
    name: str
    change: Callable  # of a good request
    age: int = 0
    stricter: str = ""  # why hallpass may refuse what the library takes
    laxer: str = ""  # why it may take what the library refuses


class Scheme:
    """How a service signs, and what a library says of it."""

    library = ""
    timestamp_header = ""
    signature_header = ""
    content_type = ""
    taken = 200  # hallpass's answer to what it takes
    replay = "every callback counts once"  # why it refuses what came before; "" where that is taken and changes nothing

    def signature(self, timestamp, body):
        raise NotImplementedError

    def accepts(self, headers, body):
        raise NotImplementedError

    def sign(self, body, age=0):
        timestamp = str(int(time.time()) - age)
        return Request(timestamp, self.signature(timestamp, body), body)

    def headers(self, request):
        own = ((self.timestamp_header, request.timestamp), (self.signature_header, request.signature))
        return [(name, value) for name, value in own if value is not None] + list(request.more)

    def takes(self, request):
        try:
            with contextlib.redirect_stdout(io.StringIO()):  # some libraries print why not
                return self.accepts(dict(self.headers(request)), request.body)
        except ValueError:  # of a header that it can't read
            return False

    def send(self, url, ca_file, request):
        """The status and the body of the answer."""
        target = urllib.parse.urlsplit(url)
        context = ssl.create_default_context(cafile=ca_file)
        connection = http.client.HTTPSConnection(target.hostname, target.port, timeout=10, context=context)
        connection.putrequest("POST", target.path)
        for name, value in [("Content-Type", self.content_type), *self.headers(request)]:
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body)
        answer = connection.getresponse()
        return answer.status, answer.read()


def changed_in(text, at):
    return text[:at] + ("1" if text[at] != "1" else "2") + text[at + 1 :]


def put(**fields):
    return lambda good: dataclasses.replace(good, **fields)


def of_signature(change):
    return lambda good: dataclasses.replace(good, signature=change(good.signature))


def of_body(change):
    return lambda good: dataclasses.replace(good, body=change(good.body))


def common_rows(scheme, by_another):
    """Of every scheme. by_another: it with another key."""
    twice = "a header that is there twice proves nothing"

    def other_signature(good):
        return by_another.signature(good.timestamp, good.body)

    def doubled(first):
        return lambda good: dataclasses.replace(
            good, signature=first(good), more=((scheme.signature_header, good.signature),)
        )

    def in_upper_case(good):
        return Request(None, None, good.body, tuple((name.upper(), value) for name, value in scheme.headers(good)))

    return [
        Row("signed now", put()),
        Row("cut by a digit", of_signature(lambda text: text[:-1])),
        Row("a digit too long", of_signature(lambda text: text + "0")),
        Row("its first digit changed", of_signature(lambda text: changed_in(text, 3))),
        Row("its last digit changed", of_signature(lambda text: changed_in(text, len(text) - 1))),
        Row("empty", of_signature(lambda text: "")),
        Row("by another key", lambda good: dataclasses.replace(good, signature=other_signature(good))),
        Row("a byte of the body changed", of_body(lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]))),
        Row("a byte added to the body", of_body(lambda raw: raw + b"&")),
        Row("the body cut", of_body(lambda raw: raw[:-1])),
        Row("no body", of_body(lambda raw: b"")),
        Row("no signature", put(signature=None)),
        Row("the signature twice", doubled(lambda good: good.signature), stricter=twice),
        Row("two signatures, the good one last", doubled(other_signature), stricter=twice),
        Row("header names in upper case", in_upper_case),
    ]


def timed_rows(scheme, by_another):
    """Of those that sign the time as well."""

    def a_second_later(good):
        return dataclasses.replace(good, timestamp=str(int(good.timestamp) + 1))

    return common_rows(scheme, by_another) + [
        Row("the timestamp a second later", a_second_later),
        Row("no timestamp", put(timestamp=None)),
    ]


class Untimed(Scheme):
    """Signs the body alone."""

    def sign(self, body, age=0):
        return Request(None, self.signature(None, body), body)


def judge(scheme, name, taken, status, row):
    """"agreed", "stricter", "laxer" or "WRONG", and says all but the first."""
    words = f"{name}: {scheme.library} {'takes' if taken else 'refuses'} it, hallpass answers {status}"
    if status == (scheme.taken if taken else 401):
        return "agreed"
    if taken and status == 401 and row.stricter:
        print(f"stricter  {words}: {row.stricter}")
        return "stricter"
    if not taken and status == scheme.taken and row.laxer:
        print(f"laxer     {words}: {row.laxer}")
        return "laxer"
    print(f"WRONG     {words}")
    return "WRONG"


def table(scheme, rows, body_of, url, ca_file):
    """Exits 1 where hallpass takes what the library refuses, or refuses what it takes for no reason given. With a
    status instead of a URL, it judges a listener that answers everything alike. body_of: of a row's number."""

    def answer(request):
        return int(url) if url.isdigit() else scheme.send(url, ca_file, request)[0]

    found = collections.Counter()
    first = None
    for number, row in enumerate(rows):
        request = row.change(scheme.sign(body_of(number), row.age))
        first = first or request
        found[judge(scheme, row.name, scheme.takes(request), answer(request), row)] += 1
    replay = Row("", put(), stricter=scheme.replay)
    found[judge(scheme, "signed now, a second time", scheme.takes(first), answer(first), replay)] += 1
    print(", ".join(f"{found[one]} {one.lower()}" for one in ("agreed", "stricter", "laxer", "WRONG")))
    return 1 if found["WRONG"] else 0


def relay(service, scheme, url, ca_file, folder):
    """Stands where the simulated service posts its callbacks: holds their signatures against the library with
    `service`, signs them anew with `scheme` and hands them on. Its port is in FOLDER/port, and the last callback in
    FOLDER/body."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came = Request(None, None, body, tuple(self.headers.items()))
            if service.takes(came):
                pathlib.Path(folder, "body").write_bytes(body)
                self.answer(*scheme.send(url, ca_file, scheme.sign(body)))
            else:
                self.answer(400, f"{service.library} refuses the simulated service's own signature".encode())

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
