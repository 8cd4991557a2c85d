#!/usr/bin/env python3
"""ServiceNow's own client for Python at the simulated ServiceNow: an incident from its begin to its end.

usage: servicenow_client.py JSON
"""
from pysnc import ServiceNowClient
from pysnc.exceptions import AuthenticationException, RoleException
from ticket_client import MARK, main, refused, step


def client(site):
    address = site["url"].rstrip("/")
    now = ServiceNowClient(address, (site["username"], site["password"]), verify=site["ca"], auto_retry=False)
    made = now.GlideRecord("incident")
    made.initialize()
    made.short_description = MARK
    made.correlation_id = "00000000-0000-4000-8000-000000000001"
    made.description = "the job fails"
    made.work_notes = "made"
    identifier = str(made.insert())
    step("an incident is created", len(identifier) == 32 and made.get_value("number").startswith("INC"))

    read = now.GlideRecord("incident")
    step("it is read back", read.get(identifier) and read.get_value("short_description") == MARK)
    step("it is new", read.get_value("state") == "1")
    found = now.GlideRecord("incident")
    found.add_query("correlation_id", made.get_value("correlation_id"))
    found.query()
    step("a query finds it", [one.get_value("sys_id") for one in found] == [identifier])

    read.work_notes = "Review: denied"
    step("a work note is taken", str(read.update()) == identifier)
    journal = now.GlideRecord("sys_journal_field")
    journal.add_query("element_id", identifier)
    journal.add_query("element", "work_notes")
    journal.query()
    step("it is in the journal", sorted(one.get_value("value") for one in journal) == ["Review: denied", "made"])

    read.state = "7"
    with refused("the end without its code is refused", RoleException):
        read.update()
    read.close_code = "Resolved by request"
    read.close_notes = "DENIED"
    read.update()
    ended = now.GlideRecord("incident")
    step("it is closed", ended.get(identifier) and ended.get_value("state") == "7")
    step("it is no longer active", ended.get_value("active") == "false")

    step("an incident that isn't there isn't found", not now.GlideRecord("incident").get("0" * 31 + "f"))
    with refused("another password is refused", AuthenticationException):
        stranger = ServiceNowClient(address, (site["username"], "guess"), verify=site["ca"], auto_retry=False)
        stranger.GlideRecord("incident").get(identifier)


if __name__ == "__main__":
    main(__doc__, client)
