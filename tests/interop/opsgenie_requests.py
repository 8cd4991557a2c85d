#!/usr/bin/env python3
"""Lets opsgenie-sdk make recorded calls about alerts anew, and read their answers.

usage: opsgenie_requests.py FOLDER

A call is accepted where the SDK, told by its own models what the call says, sends the very same one; and its answer
where the SDK's model takes it. Jira Service Management takes alerts in the same form below a path of its own.
"""
import json
import re
import urllib.parse

import opsgenie_sdk
from exchange_judging import judge, main, query_of

SUCCESSOR = "/jsm/ops/integration"
# Method and path: the SDK's function, and the model of what it sends.
CALLS = [
    ("POST", r"/v2/alerts", "create_alert", "CreateAlertPayload"),
    ("GET", r"/v2/alerts/requests/([^/]+)", "get_request_status", None),
    ("GET", r"/v2/alerts/([^/]+)", "get_alert", None),
    ("POST", r"/v2/alerts/([^/]+)/notes", "add_note", "AddNoteToAlertPayload"),
    ("GET", r"/v2/alerts/([^/]+)/notes", "list_notes", None),
    ("POST", r"/v2/alerts/([^/]+)/close", "close_alert", "CloseAlertPayload"),
]


class Answer:
    """As much of a response as the SDK looks at."""

    def __init__(self, call):
        self.status = call["status"]
        self.reason = ""
        self.data = json.dumps(call["answer"])
        self.urllib3_response = None

    def getheaders(self):
        return {}

    def getheader(self, name, default=None):
        return default


class Text:
    """What the SDK's deserialisation wants to read from."""

    def __init__(self, value):
        self.data = json.dumps(value)


def snake(name):
    return re.sub(r"[A-Z]", lambda found: "_" + found[0].lower(), name)


def texts(query):
    return sorted((name, str(value)) for name, value in query)


def as_the_sdk_sends(body):
    """Its models of responders choose by the type and then lose it."""
    if not isinstance(body, dict) or not isinstance(body.get("responders"), list):
        return body
    kinds = opsgenie_sdk.Recipient.discriminator_value_class_map
    known = [{key: value for key, value in one.items() if key != "type" or value not in kinds} for one in body["responders"]]
    return {**body, "responders": known}


def judging(folder):
    configuration = opsgenie_sdk.configuration.Configuration()
    configuration.host = ""
    configuration.retry_count = 0
    client = opsgenie_sdk.api_client.ApiClient(configuration)
    alerts = opsgenie_sdk.AlertApi(client)
    sent = {}
    answer_to = {}

    def request(method, url, query_params=None, body=None, **_):
        sent.update(method=method, path=urllib.parse.unquote(url), query=texts(query_params or []), body=body)
        return Answer(answer_to)

    client.request = request

    def problem_of(call):
        path = call["path"].removeprefix(SUCCESSOR)
        wanted = {
            "method": call["method"],
            "path": urllib.parse.unquote(path),
            "query": texts(query_of(call)),
            "body": as_the_sdk_sends(call["body"]),
        }
        answer_to.clear()
        answer_to.update({"status": 202, "answer": {"result": "-", "took": 0.1, "requestId": "-"}})
        if call.get("status") is not None:
            answer_to.update(call)
        for method, pattern, function, model in CALLS:
            found = re.fullmatch(pattern, path)
            if method != call["method"] or not found:
                continue
            words = [urllib.parse.unquote(one) for one in found.groups()]
            named = {snake(name): int(value) if value.isdigit() else value for name, value in query_of(call)}
            try:
                payload = [] if model is None else [client.deserialize(Text(call["body"]), model)]
                if function == "close_alert":
                    named["close_alert_payload"] = payload.pop()
                getattr(alerts, function)(*words, *payload, **named)
            except opsgenie_sdk.exceptions.ApiException as error:
                # An answer that says no is one too.
                if call.get("status", 0) < 400:
                    return f"{type(error).__name__}: {error}"
            except (ValueError, TypeError, KeyError) as error:
                return f"{type(error).__name__}: {error}"
            return None if sent == wanted else f"the SDK sends {sent}, not {wanted}"
        return "the SDK has no such call"

    return judge(folder, problem_of)


if __name__ == "__main__":
    main(__doc__, 1, judging)
