#!/usr/bin/env python3
"""PagerDuty's own client for Python at the simulated PagerDuty: an incident from its begin to its end.

usage: pagerduty_client.py JSON
"""
from pagerduty import Error, HttpError, RestApiV2Client
from ticket_client import MARK, main, refused, step


def client(site):
    address = site["url"].rstrip("/")
    api = RestApiV2Client(site["api_key"], default_from=site["user_email"], base_url=address)
    users = list(api.iter_all("users", params={"query": site["user_email"]}))
    step("the user is found by e-mail", [one["email"] for one in users] == [site["user_email"]])
    service = api.rget(f"services/{site['service']}")
    step("the service is there", service["id"] == site["service"] and service["type"] == "service")
    policy = service["escalation_policy"]["id"]
    on_call = api.list_all("oncalls", params={"escalation_policy_ids[]": [policy]})
    step("who is on call is told", all(one["escalation_policy"]["id"] == policy for one in on_call))

    key = "teleport-access-request/1"
    wanted = {
        "type": "incident",
        "title": MARK,
        "service": {"id": site["service"], "type": "service_reference"},
        "incident_key": key,
        "body": {"type": "incident_body", "details": "the job fails"},
    }
    made = api.rpost("incidents", json=wanted)
    step("an incident is created", made["status"] == "triggered" and made["incident_key"] == key)
    step("it is read back", api.rget(f"incidents/{made['id']}")["title"] == MARK)
    found = api.list_all("incidents", params={"incident_key": key, "date_range": "all"})
    step("it is found by its key", [one["id"] for one in found] == [made["id"]])
    with refused("a second one of that key is refused", Error):
        api.rpost("incidents", json=wanted)

    notes = f"incidents/{made['id']}/notes"
    api.rpost(notes, json={"content": "Review: denied"})
    step("a note is there", [one["content"] for one in api.rget(notes)] == ["Review: denied"])
    ended = api.rput(f"incidents/{made['id']}", json={"type": "incident_reference", "status": "resolved"})
    step("it is resolved", ended["status"] == "resolved")
    step("the key is free again", api.rpost("incidents", json=wanted)["id"] != made["id"])

    with refused("a note without a sender is refused", Error):
        RestApiV2Client(site["api_key"], base_url=address).rpost(notes, json={"content": "?"})
    with refused("a key that only reads is refused", Error):
        reader = RestApiV2Client(site["read_only_key"], default_from=site["user_email"], base_url=address)
        reader.rpost(notes, json={"content": "?"})
    with refused("another key is refused", HttpError, lambda error: error.response.status_code == 401):
        RestApiV2Client("guess", base_url=address).rget("abilities")


if __name__ == "__main__":
    main(__doc__, client)
