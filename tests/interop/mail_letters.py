#!/usr/bin/env python3
"""Reads letters as Python's email package does.

usage: mail_letters.py FOLDER

Prints one JSON object for each file anywhere in FOLDER. "problems" says what is wrong with it, by its defects and by
what every letter of hallpass must be.
"""
import email
import email.policy
import json
import pathlib
import sys

ONCE = ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Auto-Submitted")
LINE_LIMIT = 998  # RFC 5322


def defects_of(message):
    for part in message.walk():
        yield from (f"{type(one).__name__} {one}" for one in part.defects)
    for name, value in message.items():
        yield from (f"{name}: {type(one).__name__} {one}" for one in getattr(value, "defects", ()))


def problems_of(raw, message):
    yield from defects_of(message)
    for name in ONCE:
        if len(message.get_all(name, [])) != 1:
            yield f"{name} is there {len(message.get_all(name, []))} times"
    for name in ("Bcc", "Cc", "Reply-To"):
        if name in message:
            yield f"{name} is there"
    if [part.get_content_type() for part in message.walk()] != ["multipart/alternative", "text/plain", "text/html"]:
        yield "its parts are others"
    if max(map(len, raw.splitlines())) > LINE_LIMIT:
        yield "a line is too long"
    if not raw.isascii():
        yield "it has bytes that old servers don't carry"


def read(folder, path):
    raw = path.read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    found = {"file": str(path.relative_to(folder)), "problems": list(problems_of(raw, message))}
    for name in ("From", "To", "Subject", "Message-ID", "In-Reply-To"):
        found[name.lower()] = str(message.get(name, ""))
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        found[kind] = "" if part is None else part.get_content().replace("\r\n", "\n")
    return found


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        print(json.dumps(read(folder, path)))


if __name__ == "__main__":
    main()
