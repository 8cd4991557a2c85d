#!/usr/bin/env python3
"""Signs interactions with PyNaCl, and holds hallpass's answers against discord-interactions' verify_key.

usage: discord_signatures.py key
       discord_signatures.py relay URL CA_FILE PUBLIC_KEY FOLDER
       discord_signatures.py table URL CA_FILE APPLICATION_ID
       discord_signatures.py table STATUS - -

key prints the public key that hallpass must be configured with. relay expects the simulated Discord's signatures by
PUBLIC_KEY; table sends variations of a PING. signatures.py says what these two do.
"""
import dataclasses
import json
import sys
import time

import signatures
from discord_interactions import verify_key
from nacl.signing import SigningKey
from signatures import Row, of_signature, put

KEY = SigningKey(bytes(range(32)))
OTHER_KEY = SigningKey(bytes(range(1, 33)))
# Of the group that Ed25519 calculates in.
ORDER = 2**252 + 27742317777372353535851937790883648493


class Discord(signatures.Scheme):
    library = "discord-interactions"
    timestamp_header = "X-Signature-Timestamp"
    signature_header = "X-Signature-Ed25519"
    content_type = "application/json"

    def __init__(self, key=KEY, public_key=None):
        self.key = key
        self.public_key = public_key or key.verify_key.encode().hex()

    def signature(self, timestamp, body):
        return self.key.sign(timestamp.encode() + body).signature.hex()

    def accepts(self, headers, body):
        found = {name.lower(): value for name, value in headers.items()}
        timestamp = found.get(self.timestamp_header.lower())
        signature = found.get(self.signature_header.lower())
        # As the library's own decorator has it.
        if timestamp is None or signature is None:
            return False
        return verify_key(body, signature, timestamp, self.public_key)


def with_order_added(text):
    """The same signature in a form that a careless check takes too."""
    raw = bytes.fromhex(text)
    scalar = int.from_bytes(raw[32:], "little") + ORDER
    return (raw[:32] + scalar.to_bytes(32, "little")).hex()


def rows():
    def without_timestamp(good):
        return dataclasses.replace(good, signature=KEY.sign(good.body).signature.hex())

    old = "an interaction lives for seconds"
    return signatures.timed_rows(Discord(), Discord(OTHER_KEY)) + [
        Row("signed ten minutes ago", put(), age=600, stricter=old),
        Row("signed ten minutes ahead", put(), age=-600, stricter=old),
        Row("in upper case", of_signature(str.upper), stricter="Discord sends lower case"),
        Row("not in hex", of_signature(lambda text: "g" + text[1:])),
        Row("all zeros", of_signature(lambda text: "0" * len(text))),
        Row("the group's order added", of_signature(with_order_added)),
        Row("a byte too long", of_signature(lambda text: text + "00")),
        Row("of the body alone", without_timestamp),
    ]


def table(url, ca_file, application):
    def body_of(number):
        """A PING of now, each with an id of its own."""
        snowflake = (int(time.time() * 1000) - 1420070400000 << 22) + number
        ping = {"id": str(snowflake), "application_id": application, "type": 1, "version": 1, "token": "judge"}
        return json.dumps(ping).encode()

    return signatures.table(Discord(), rows(), body_of, url, ca_file)


def relay(url, ca_file, public_key, folder):
    signatures.relay(Discord(public_key=public_key), Discord(), url, ca_file, folder)


def key():
    print(Discord().public_key)


def main():
    commands = {("key", 0): key, ("relay", 4): relay, ("table", 3): table}
    command = commands.get((sys.argv[1] if len(sys.argv) > 1 else "", len(sys.argv) - 2))
    if command is None:
        print(__doc__, file=sys.stderr)
        return 2
    return command(*sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
