#!/usr/bin/env python3
"""Lets slack_sdk's Socket Mode client use the simulated Slack.

usage: slack_socket.py API_URL APP_TOKEN CA_FILE COUNT

Takes COUNT envelopes, acknowledges each, and prints every message as a line. Connects anew where Slack asks for it.
Exits 1 where the client can't make an envelope of a message.
"""
import asyncio
import json
import ssl
import sys

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

# Answers to what asks for one; it closes the view.
CLEAR = {"response_action": "clear"}
KINDS = {"interactive", "events_api", "slash_commands"}


def say(**what):
    print(json.dumps(what), flush=True)


def check(message, request):
    """What slack_sdk leaves to its user."""
    kind = message.get("type")
    if kind == "hello":
        app = message["connection_info"]["app_id"]
        if not (isinstance(app, str) and isinstance(message["num_connections"], int)):
            raise ValueError(f"a strange hello: {message}")
    elif request is None or request.type not in KINDS or not isinstance(request.accepts_response_payload, bool):
        raise ValueError(f"no envelope: {message}")


async def main(api_url, app_token, ca_file, count):
    context = ssl.create_default_context(cafile=ca_file)
    web = AsyncWebClient(base_url=api_url, ssl=context)
    # Not the built-in client: on any port but 443 that one speaks without TLS.
    client = SocketModeClient(app_token=app_token, web_client=web, ping_interval=1)
    left = int(count)
    done = asyncio.get_running_loop().create_future()

    async def on_message(_, message, raw):
        nonlocal left
        try:
            request = SocketModeRequest.from_dict(message)
            check(message, request)
            say(message=message)
            if request is None:
                return
            payload = CLEAR if request.accepts_response_payload else None
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))
            left -= 1
            if left == 0 and not done.done():
                done.set_result(0)
        except Exception as error:
            say(refused=f"{type(error).__name__}: {error}", message=raw)
            if not done.done():
                done.set_result(1)

    client.message_listeners.append(on_message)
    await client.connect()
    status = await done
    await client.close()
    return status


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(*sys.argv[1:])))
