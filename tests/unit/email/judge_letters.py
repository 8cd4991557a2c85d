"""Reads the golden letters as Python's email package does: judge_letters.py FOLDER. Fails where one has a defect, or says something else than it should."""

import email
import email.policy
import pathlib
import sys

EXPECTED = {
    "pending": ("[example.teleport.sh] alice@example.com: role request for db_reader, prod-admin", "PENDING"),
    "reviewed": ("[example.teleport.sh] alice@example.com: resource request for db/orders-prod", "Use the replica."),
    "review": ("Re: [example.teleport.sh] alice@example.com: resource request for db/orders-prod", "carol@example.com"),
    "outcome": ("Re: [example.teleport.sh] alice@example.com: resource request for db/orders-prod", "Not tonight."),
}


def defects_of(message):
    for part in message.walk():
        yield from part.defects
    for name, value in message.items():
        for defect in getattr(value, "defects", ()):
            yield f"{name}: {defect}"


def judge(path):
    raw = path.read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    plain = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    problems = [f"defect: {one}" for one in defects_of(message)]
    wanted = {
        "type": message.get_content_type() == "multipart/alternative",
        "order": [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"],
        "from": message["From"].addresses[0].display_name == "Přístupy",
        "sender": message["From"].addresses[0].addr_spec == "noreply@example.com",
        "to": [one.addr_spec for one in message["To"].addresses] == ["alice@example.com"],
        "date": message["Date"].datetime.isoformat() == "2026-03-01T03:00:00+00:00",
        "automatic": message["Auto-Submitted"] == "auto-generated",
        "html": html.startswith("<!DOCTYPE html>") and html.rstrip().endswith("</html>"),
        "line ends": b"\n" not in raw.replace(b"\r\n", b""),
        "header": set(message.keys()).isdisjoint({"Bcc", "Cc"}),
    }
    problems += [f"wrong: {name}" for name, right in wanted.items() if not right]
    if message["Subject"].startswith("Re: ") != ("In-Reply-To" in message):
        problems.append("wrong: a reply without a thread, or a thread without a reply")
    if path.stem in EXPECTED:
        subject, words = EXPECTED[path.stem]
        if message["Subject"] != subject:
            problems.append(f"subject: {message['Subject']!r}, not {subject!r}")
        if words not in plain or words not in html:
            problems.append(f"{words!r} is missing")
    return problems


def main():
    letters = sorted(pathlib.Path(sys.argv[1]).glob("*.eml"))
    found = {path.name: judge(path) for path in letters}
    for name, problems in found.items():
        for one in problems:
            print(f"{name}: {one}", file=sys.stderr)
    bad = sum(1 for problems in found.values() if problems)
    # As tools/run_tests.py counts: each letter is a case.
    print(f"[doctest] test cases: {len(found)} | {len(found) - bad} passed | {bad} failed | 0 skipped")
    sys.exit(1 if not letters or bad else 0)


main()
