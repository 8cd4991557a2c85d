#!/usr/bin/env python3
"""Mints the tokens that come with Teams' calls, and holds hallpass's answers against botframework-connector.

usage: msteams_tokens.py serve FOLDER CERTIFICATE KEY APP_ID SANDBOX_LOGIN_URL
       msteams_tokens.py table FOLDER APP_ID LOGIN_URL

serve stands for the Bot Framework's login: it publishes keys of its own, whose address hallpass is given, and takes
what the simulated Teams posts to /messages. It holds each such token against the library with the simulated keys,
mints a new one for the good, hands it on to the URL in FOLDER/target and keeps the call in FOLDER/body. Its port is in
FOLDER/port. table sends variations of that call by tokens of the same keys, and exits 1 where hallpass takes what the
library refuses, or refuses what it takes, for no reason given; and where the table would find nothing wrong in a
listener that takes all, or nothing. REQUESTS_CA_BUNDLE names the authority.
"""
import asyncio
import base64
import collections
import dataclasses
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import ssl
import sys
import time
import urllib.parse
import warnings
from typing import Callable

import jwt
from botframework.connector.auth import ChannelValidation, SimpleCredentialProvider
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ISSUER = "https://api.botframework.com"
METADATA = ".well-known/openidconfiguration"
# By key id: whose key, and what it speaks for.
PUBLISHED = {
    "good": ("own", ["msteams", "webchat"]),
    "skype": ("own", ["skype"]),
    "unendorsed": ("own", None),
    "short": ("short", ["msteams"]),
}


def takes(header, activity, app_id, login_url):
    """What the library says of it, and why not."""
    ChannelValidation.open_id_metadata_endpoint = login_url + METADATA
    # Its answer for no header at all is None.
    check = ChannelValidation.authenticate_channel_token_with_service_url(
        header, SimpleCredentialProvider(app_id, ""), activity.get("serviceUrl"), activity.get("channelId")
    )
    try:
        return asyncio.run(check) is not None, ""
    except Exception as error:  # whatever it raises is a refusal
        return False, f"{type(error).__name__}: {error}"


def post(url, headers, body):
    target = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(target.hostname, target.port, timeout=20)
    connection.putrequest("POST", target.path)
    for name, value in [("Content-Type", "application/json; charset=utf-8"), *headers]:
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    return answer.status, answer.read()


class Keys:
    """In files, so that serve's are table's too."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def make(self):
        for name, size in (("own", 2048), ("foreign", 2048), ("short", 1024)):
            key = rsa.generate_private_key(public_exponent=65537, key_size=size)
            self.folder.joinpath(name + ".pem").write_bytes(
                key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            )

    def get(self, name):
        return serialization.load_pem_private_key(self.folder.joinpath(name + ".pem").read_bytes(), None)

    def published(self):
        found = []
        for key_id, (name, endorsements) in PUBLISHED.items():
            jwk = jwt.algorithms.RSAAlgorithm.to_jwk(self.get(name).public_key(), as_dict=True)
            jwk.update({"use": "sig", "kid": key_id, "x5t": key_id})
            jwk.update({} if endorsements is None else {"endorsements": endorsements})
            jwk.pop("key_ops", None)
            found.append(jwk)
        return {"keys": found}


def encoded(part):
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Mint:
    def __init__(self, folder, app_id, service_url):
        self.keys = Keys(folder)
        self.app_id = app_id
        self.service_url = service_url

    def claims(self, **changed):
        now = int(time.time())
        all_ = {"iss": ISSUER, "aud": self.app_id, "nbf": now - 60, "exp": now + 3600, "serviceurl": self.service_url}
        all_.update(changed)
        return {name: value for name, value in all_.items() if value is not None}

    def token(self, key="own", key_id="good", alg="RS256", **changed):
        # jwt.encode would refuse to write some of the claims that are tried.
        payload = json.dumps(self.claims(**changed)).encode()
        return jwt.PyJWS().encode(payload, self.keys.get(key), algorithm=alg, headers={"kid": key_id})

    def by_hand(self, header, claims=None):
        """Signed by RS256, whatever the header says."""
        text = encoded(header) + "." + encoded(self.claims() if claims is None else claims)
        signed = self.keys.get("own").sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return text + "." + encoded(signed)

    def unsigned(self):
        return encoded({"alg": "none", "kid": "good"}) + "." + encoded(self.claims()) + "."

    def by_public_key(self):
        """The confusion of algorithms: everybody knows this secret."""
        secret = self.keys.get("own").public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        text = encoded({"alg": "HS256", "kid": "good", "typ": "JWT"}) + "." + encoded(self.claims())
        return text + "." + encoded(hmac.new(secret, text.encode(), hashlib.sha256).digest())


@dataclasses.dataclass
class Row:
    name: str
    token: Callable  # of a mint
    stricter: str = ""  # why hallpass may refuse what the library takes
    laxer: str = ""  # why it may take what the library refuses
    header: Callable = lambda token: "Bearer " + token
    body: Callable = lambda activity: activity


def of(**how):
    return lambda mint: mint.token(**how)


def in_seconds(**offsets):
    return lambda mint: mint.token(**{name: int(time.time()) + offset for name, offset in offsets.items()})


def changed(change):
    return lambda mint: change(mint.token())


def part_changed(number, change):
    def apply(token):
        parts = token.split(".")
        parts[number] = change(parts[number])
        return ".".join(parts)

    return changed(apply)


def other_claims(mint):
    """Those of another token, under the signature of this one."""
    signed, other = mint.token(), mint.token(exp=int(time.time()) + 7200)
    return ".".join([signed.split(".")[0], other.split(".")[1], signed.split(".")[2]])


def put(**fields):
    return lambda activity: {**activity, **fields}


ONCE = "Microsoft names its channels with each key"
WHOLE = "Microsoft writes whole numbers"
SLASH = "Microsoft's newer SDK compares without the slashes at the end, too"
SCHEME = "RFC 9110 wants the scheme in any case, and one or more spaces behind it"

CLAIMS = [
    Row("a good one", of()),
    Row("another issuer", of(iss="https://api.botframework.us")),
    Row("the Emulator's issuer", of(iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/")),
    Row("the issuer with a slash", of(iss=ISSUER + "/")),
    Row("no issuer", of(iss=None)),
    Row("issuers", of(iss=[ISSUER])),
    Row("for another bot", of(aud="11111111-2222-3333-4444-555555555555")),
    Row("for this bot and another", lambda mint: mint.token(aud=[mint.app_id, "another"])),
    Row("for this bot, in capitals", lambda mint: mint.token(aud=mint.app_id.upper()), laxer="an id is the same one"),
    Row("for nobody", of(aud=None)),
    Row("over since ten minutes", in_seconds(exp=-600)),
    Row("over since four minutes", in_seconds(exp=-240)),
    Row("of ten minutes from now", in_seconds(nbf=600)),
    Row("of four minutes from now", in_seconds(nbf=240)),
    Row("made in ten minutes", in_seconds(iat=600)),
    Row("made in four minutes", in_seconds(iat=240)),
    Row("made now", in_seconds(iat=0)),
    Row("made at a word", of(iat="now")),
    Row("without an end", of(exp=None), stricter="it would be good for ever"),
    Row("without a beginning", of(nbf=None)),
    Row("an end that is text", lambda mint: mint.token(exp=str(int(time.time()) + 60)), stricter=WHOLE),
    Row("an end that is a fraction", lambda mint: mint.token(exp=time.time() + 60.5), stricter=WHOLE),
    Row("an end that is a word", of(exp="never")),
    Row("of another service", of(serviceurl="https://elsewhere.example/")),
    Row("of a service that begins alike", lambda mint: mint.token(serviceurl=mint.service_url + "x")),
    Row("of the service with one slash more", lambda mint: mint.token(serviceurl=mint.service_url + "/"), laxer=SLASH),
    Row("of no service", of(serviceurl=None)),
    Row("of the service in another spelling", lambda mint: mint.token(serviceurl=None, serviceUrl=mint.service_url)),
]

EXTENDED = {"alg": "RS256", "kid": "good", "crit": ["x"], "x": 1}
KEYS = [
    Row("by a key that is not published", of(key="foreign")),
    Row("by a key of no known name", of(key_id="unheard-of")),
    Row("by a key without a name", lambda mint: mint.by_hand({"alg": "RS256", "typ": "JWT"})),
    Row("by a key for Skype", of(key_id="skype")),
    Row("by a key for no channel", of(key_id="unendorsed"), stricter=ONCE),
    Row("by a short key", of(key="short", key_id="short"), stricter="less than 2,048 bits can be broken"),
    Row("by RS512", of(alg="RS512")),
    Row("by PS256", of(alg="PS256")),
    Row("signed by RS256, called RS384", lambda mint: mint.by_hand({"alg": "RS384", "kid": "good"})),
    Row("signed by nobody", lambda mint: mint.unsigned()),
    Row("signed by the public key as a secret", lambda mint: mint.by_public_key()),
    Row("with an extension that must be known", lambda mint: mint.by_hand(EXTENDED)),
    Row("claims that are a list", lambda mint: mint.by_hand({"alg": "RS256", "kid": "good"}, [1])),
    Row("claims that are no JSON", lambda mint: mint.by_hand({"alg": "RS256", "kid": "good"}, b"{")),
]

FORM = [
    Row("the signature cut", changed(lambda token: token[:-4])),
    Row("a letter of the signature changed", part_changed(2, lambda text: ("A" if text[0] != "A" else "B") + text[1:])),
    Row("an empty signature", part_changed(2, lambda text: "")),
    Row("another one's claims", other_claims),
    Row("a fourth part", changed(lambda token: token + ".x")),
    Row("two parts", changed(lambda token: token.rpartition(".")[0])),
    Row("no token", changed(lambda token: "")),
    Row("a letter that is none of base64url's", part_changed(1, lambda text: text[:10] + "*" + text[10:])),
    Row("the scheme in small letters", of(), header=lambda token: "bearer " + token, laxer=SCHEME),
    Row("two spaces", of(), header=lambda token: "Bearer  " + token, laxer=SCHEME),
    Row("another scheme", of(), header=lambda token: "Basic " + token),
    Row("no scheme", of(), header=lambda token: token),
    Row("no header", of(), header=lambda token: None),
]

BODIES = [
    Row("a call of another service", of(), body=put(serviceUrl="https://elsewhere.example/")),
    Row("a call of no service", of(), body=put(serviceUrl="")),
    Row("a call of Skype's", of(), body=put(channelId="skype")),
    Row("a call of the web chat's", of(), body=put(channelId="webchat"), stricter="the bot is for Teams alone"),
    Row("a good one again", of()),
]


def judge(row, taken, status):
    """"agreed", "stricter" or "laxer" for a reason, or "WRONG"."""
    if status == (200 if taken else 401):
        return "agreed"
    kind, reason = ("stricter", row.stricter) if taken else ("laxer", row.laxer)
    return kind if status == (401 if taken else 200) and reason else "WRONG"


def table(folder, app_id, login_url):
    activity = json.loads(pathlib.Path(folder, "body").read_text(encoding="utf-8"))
    target = pathlib.Path(folder, "target").read_text(encoding="utf-8")
    mint = Mint(folder, app_id, activity["serviceUrl"])
    found, alike = collections.Counter(), collections.Counter()
    for row in [*CLAIMS, *KEYS, *FORM, *BODIES]:
        header, body = row.header(row.token(mint)), row.body(activity)
        taken, why = takes(header, body, app_id, login_url)
        headers = [] if header is None else [("Authorization", header)]
        status = post(target, headers, json.dumps(body).encode())[0]
        kind = judge(row, taken, status)
        if kind != "agreed":
            says = "takes it" if taken else f"refuses it ({why})"
            reason = row.stricter or row.laxer or "for no reason"
            print(f"{kind:9} {row.name}: botframework-connector {says}, hallpass answers {status}: {reason}")
        found[kind] += 1
        alike.update(one for one in (200, 401) if judge(row, taken, one) == "WRONG")
    print(", ".join(f"{found[kind]} {kind}" for kind in ("agreed", "stricter", "laxer", "WRONG")))
    print(f"of one that takes all it would find {alike[200]} WRONG, of one that takes nothing {alike[401]}")
    return 1 if found["WRONG"] or not alike[200] or not alike[401] else 0


def serve(folder, certificate, key, app_id, sandbox_login_url):
    keys = Keys(folder)
    keys.make()
    jwks = keys.published()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            base = f"https://127.0.0.1:{self.server.server_port}/v1/.well-known/"
            documents = {
                "/v1/.well-known/openidconfiguration": {"issuer": ISSUER, "jwks_uri": base + "keys"},
                "/v1/.well-known/keys": jwks,
            }
            found = documents.get(self.path)
            self.answer(404 if found is None else 200, json.dumps(found or {}).encode())

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            # Of a body that isn't even JSON it must be the token that is refused.
            activity = json.loads(body)
            taken, why = takes(self.headers["Authorization"], activity, app_id, sandbox_login_url)
            if not taken:
                return self.answer(403, f"botframework-connector refuses the simulated token: {why}".encode())
            token = Mint(folder, app_id, activity["serviceUrl"]).token()
            target = pathlib.Path(folder, "target").read_text(encoding="utf-8")
            pathlib.Path(folder, "body").write_bytes(body)
            return self.answer(*post(target, [("Authorization", "Bearer " + token)], body))

        def log_message(self, *_):
            pass

        def answer(self, status, body):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    port = pathlib.Path(folder, "port.new")
    port.write_text(str(server.server_port), encoding="ascii")
    os.rename(port, pathlib.Path(folder, "port"))
    server.serve_forever()


def main():
    warnings.simplefilter("ignore", jwt.warnings.InsecureKeyLengthWarning)  # one of the keys is short on purpose
    commands = {"serve": (serve, 7), "table": (table, 5)}
    wanted, count = commands.get(sys.argv[1] if len(sys.argv) > 1 else "", (None, 0))
    if len(sys.argv) != count:
        print(__doc__, file=sys.stderr)
        return 2
    return wanted(*sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
