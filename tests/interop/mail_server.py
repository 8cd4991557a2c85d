#!/usr/bin/env python3
"""A mail server of aiosmtpd's, which keeps what it is given.

usage: mail_server.py FOLDER CERTIFICATE KEY USERNAME PASSWORD MECHANISM…
       mail_server.py FOLDER

The port is in FOLDER/port. Each letter is kept as FOLDER/letters/NNN.eml, and how it came in a line on the standard
output. The first form wants STARTTLS, and then a login by one of the mechanisms; the second offers neither. What
becomes of a letter its address says: that of nobody@ is refused, late@ is put off at its address and slow@ at its end,
once; hung-up@ gets its letter, but the first time the connection ends behind the final dot.
"""
import asyncio
import collections
import json
import os
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

ALL_MECHANISMS = {"LOGIN", "PLAIN"}


class Handler:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder, "letters")
        self.folder.mkdir()
        self.kept = 0
        self.seen = collections.Counter()

    def comes_first(self, stage, address):
        self.seen[stage, address] += 1
        return self.seen[stage, address] == 1

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user here"
        if address.startswith("late@") and self.comes_first("RCPT", address):
            return "450 4.2.0 greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        if to.startswith("slow@") and self.comes_first("DATA", to):
            return "451 4.3.0 out of breath, come again"
        self.kept += 1
        name = f"{self.kept:03}.eml"
        self.folder.joinpath(name).write_bytes(envelope.original_content)
        login = session.auth_data.login.decode() if session.authenticated else None
        came = {"file": name, "from": envelope.mail_from, "to": envelope.rcpt_tos, "login": login}
        print(json.dumps({**came, "tls": session.ssl is not None, "name": session.host_name}), flush=True)
        if to.startswith("hung-up@") and self.comes_first("DATA", to):
            server.transport.abort()
        return f"250 2.0.0 kept as {name}"


def smtp_of(handler, certificate=None, key=None, username="", password="", *mechanisms):
    if certificate is None:
        return lambda: SMTP(handler, hostname="mail.example.com")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    wanted = LoginPassword(username.encode(), password.encode())

    def authenticate(server, session, envelope, mechanism, data):
        print(json.dumps({"mechanism": mechanism, "good": data == wanted}), flush=True)
        return AuthResult(success=data == wanted, handled=False, auth_data=data)

    return lambda: SMTP(
        handler,
        hostname="mail.example.com",
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        auth_exclude_mechanism=ALL_MECHANISMS - set(mechanisms),
        authenticator=authenticate,
    )


async def serve(folder, *settings):
    factory = smtp_of(Handler(folder), *settings)
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    port = pathlib.Path(folder, "port.new")
    port.write_text(str(server.sockets[0].getsockname()[1]), encoding="ascii")
    os.rename(port, pathlib.Path(folder, "port"))
    await server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) != 2 and len(sys.argv) < 7:
        sys.exit(__doc__)
    asyncio.run(serve(*sys.argv[1:]))
