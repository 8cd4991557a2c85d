#!/usr/bin/env python3
"""Stands between hallpass and the simulated services, and keeps what they say to each other.

usage: exchanges.py CA_FILE FOLDER NAME=URL...

http://127.0.0.1:PORT/NAME/... is URL/...; the port is in FOLDER/port. Each call is one file of FOLDER, NAME and a
number, once it is answered: {name, method, path, query, headers, body, status, answer}. A call that the service cuts
off is cut off here too, and has no status.
"""
import http.client
import http.server
import itertools
import json
import os
import pathlib
import ssl
import sys
import urllib.parse

# Of one connection and not of the call.
PRIVATE = {"connection", "host", "content-length", "transfer-encoding", "keep-alive"}


def parsed(raw):
    """JSON where it is JSON, else text; None where there is nothing."""
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode("utf-8", "replace") or None


def main(ca_file, folder, *services):
    urls = {name: urllib.parse.urlsplit(url) for name, _, url in (one.partition("=") for one in services)}
    context = ssl.create_default_context(cafile=ca_file)
    numbers = itertools.count(1)

    def keep(name, call):
        number = next(numbers)
        unfinished = pathlib.Path(folder, f"{number}.new")
        unfinished.write_text(json.dumps({"name": name, **call}), encoding="utf-8")
        os.rename(unfinished, pathlib.Path(folder, f"{name}-{number:04}.json"))

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def relay(self):
            _, name, rest = self.path.split("/", 2)
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {key: value for key, value in self.headers.items() if key.lower() not in PRIVATE}
            path, _, query = rest.partition("?")
            call = {"method": self.command, "path": "/" + path, "query": query, "headers": headers, "body": parsed(body)}
            connection = http.client.HTTPSConnection(urls[name].hostname, urls[name].port, timeout=20, context=context)
            try:
                connection.request(self.command, "/" + rest, body, headers)
                answer = connection.getresponse()
                content = answer.read()
            except (http.client.HTTPException, OSError):
                keep(name, call)
                self.close_connection = True
                return
            finally:
                connection.close()
            keep(name, {**call, "status": answer.status, "answer": parsed(content)})
            self.send_response(answer.status)
            for key, value in answer.getheaders():
                if key.lower() not in PRIVATE:
                    self.send_header(key, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = relay

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port = pathlib.Path(folder, "port.new")
    port.write_text(str(server.server_port), encoding="ascii")
    os.rename(port, pathlib.Path(folder, "port"))
    server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
