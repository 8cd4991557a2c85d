#!/usr/bin/env python3
"""Says for Postfix what becomes of a letter, as greylisting services do (SMTPD_POLICY_README).

usage: mail_policy.py FOLDER

Its port is in FOLDER/port. Refuses the address nobody@; puts off late@ at its address and slow@ at the end of its
letter, twice each.
"""
import asyncio
import collections
import os
import pathlib
import sys

TIMES = 2
seen = collections.Counter()


def put_off(who, words):
    seen[who] += 1
    return words if seen[who] <= TIMES else "DUNNO"


def action_for(asked):
    state, recipient = asked["protocol_state"], asked.get("recipient", "")
    if state == "RCPT" and recipient.startswith("nobody@"):
        return "550 5.1.1 no such user here"
    if state == "RCPT" and recipient.startswith("late@"):
        return put_off("late", "450 4.2.0 greylisted, come again")
    if state == "END-OF-MESSAGE" and recipient.startswith("slow@"):
        return put_off("slow", "451 4.3.0 out of breath, come again")
    return "DUNNO"


async def answer(reader, writer):
    asked = {}
    while line := await reader.readline():
        name, has_value, value = line.decode().rstrip("\n").partition("=")
        if has_value:
            asked[name] = value
            continue
        writer.write(f"action={action_for(asked)}\n\n".encode())
        await writer.drain()
        asked = {}
    writer.close()


async def serve(folder):
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = pathlib.Path(folder, "port.new")
    port.write_text(str(server.sockets[0].getsockname()[1]), encoding="ascii")
    os.rename(port, pathlib.Path(folder, "port"))
    await server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    asyncio.run(serve(sys.argv[1]))
