#!/usr/bin/env python3
"""Stands between hallpass and a mail server, as somebody would who wants to read along.

usage: mail_proxy.py FOLDER PORT strip|inject

Its own port is in FOLDER/port. "strip" takes the offer of STARTTLS away. "inject" lets it be, and adds replies in clear
behind the server's word that TLS may begin: whoever doesn't throw them away takes them for what is said within TLS.
Prints each command that it sees in clear.
"""
import asyncio
import os
import pathlib
import sys

GO_AHEAD = b"220 2.0.0 Ready to start TLS\r\n"
ADDED = b"250-mail.example.com\r\n250 AUTH PLAIN LOGIN\r\n235 2.7.0 welcome\r\n" + b"250 2.0.0 ok\r\n" * 8


def changed(how, line):
    if how == "strip" and line[4:].strip().upper() == b"STARTTLS":
        return line[:4] + b"XXXXXXXA\r\n"
    if how == "inject" and line.startswith(b"220 ") and b"TLS" in line.upper():
        return line + ADDED
    return line


async def pass_on(reader, writer, change):
    """By lines until TLS begins, which has none."""
    try:
        while data := await reader.read(65536):
            writer.write(b"".join(map(change, data.splitlines(keepends=True))))
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


async def serve(folder, port, how):
    def say(line):
        if line[:1].isalpha() and line.isascii():
            print(line.decode().rstrip(), flush=True)
        return line

    async def connected(reader, writer):
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", int(port))
        await asyncio.gather(
            pass_on(reader, server_writer, say),
            pass_on(server_reader, writer, lambda line: changed(how, line)),
        )

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    mine = pathlib.Path(folder, "port.new")
    mine.write_text(str(server.sockets[0].getsockname()[1]), encoding="ascii")
    os.rename(mine, pathlib.Path(folder, "port"))
    await server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[3] not in ("strip", "inject"):
        sys.exit(__doc__)
    asyncio.run(serve(*sys.argv[1:]))
