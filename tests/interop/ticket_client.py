"""What the foreign clients of the simulated services share: steps that are told, and refusals that must come."""
import contextlib
import json
import os
import sys

MARK = "hallpass 00000000-0000-4000-8000-000000000001 card"


def step(words, holds=True):
    """A line for what went well; the end where it didn't."""
    if not holds:
        sys.exit(f"WRONG {words}")
    print(f"ok {words}", flush=True)


@contextlib.contextmanager
def refused(words, error, tells=lambda _: True):
    """The service must refuse what is tried, so that the client knows it for a refusal."""
    try:
        yield
    except error as said:
        step(words, tells(said))
    else:
        step(words, False)


def main(document, client):
    """The argument is what the sandbox's ready.json says of the service, with the path of its authorities as "ca"."""
    if len(sys.argv) != 2:
        sys.exit(document)
    service = json.loads(sys.argv[1])
    # Some clients take what the environment says of authorities, whatever they are told.
    os.environ.update({name: service["ca"] for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")})
    client(service)
    print("to the end")
