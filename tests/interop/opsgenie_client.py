#!/usr/bin/env python3
"""opsgenie-sdk at the simulated Opsgenie: an alert from its begin to its end.

usage: opsgenie_client.py JSON
"""
import opsgenie_sdk
from opsgenie_sdk.exceptions import ApiException, AuthenticationException, ConfigurationException
from ticket_client import MARK, main, refused, step


def alerts_by(site, key, retries=False):
    configuration = opsgenie_sdk.configuration.Configuration()
    configuration.host = site["url"].rstrip("/")
    configuration.ssl_ca_cert = site["ca"]
    configuration.api_key["Authorization"] = key
    configuration.retry_enabled = retries
    configuration.retry_http_response = ["404"] if retries else []
    configuration.back_off = 0.1
    return opsgenie_sdk.AlertApi(opsgenie_sdk.api_client.ApiClient(configuration))


def done(answer):
    return answer.retrieve_result().data


def client(site):
    # What was taken is done a moment later, and 404 until then, after which the SDK asks again.
    alerts = alerts_by(site, site["api_key"], retries=True)
    alias = "teleport-access-request/1"
    wanted = opsgenie_sdk.CreateAlertPayload(message=MARK, alias=alias, priority="P2", source="hallpass")
    made = done(alerts.create_alert(wanted))
    step("an alert is created", made.is_success and made.alert_id)
    by_alias = alerts.get_alert(alias, identifier_type="alias").data
    step("it is read back by its alias", (by_alias.id, by_alias.message, by_alias.status) == (made.alert_id, MARK, "open"))
    again = done(alerts.create_alert(wanted))
    step("a second one of that alias is the same", again.alert_id == made.alert_id)

    note = opsgenie_sdk.AddNoteToAlertPayload(note="Review: denied", user="hallpass")
    step("a note is taken", done(alerts.add_note(alias, note, identifier_type="alias")).is_success)
    notes = alerts.list_notes(made.alert_id).data
    step("it is there", [(one.note, one.owner) for one in notes] == [("Review: denied", "hallpass")])
    closing = opsgenie_sdk.CloseAlertPayload(note="DENIED", user="hallpass")
    step("it can be closed", done(alerts.close_alert(made.alert_id, close_alert_payload=closing)).is_success)
    step("it is closed", alerts.get_alert(made.alert_id).data.status == "closed")
    step("a later one of that alias is another", done(alerts.create_alert(wanted)).alert_id != made.alert_id)
    late = alerts.get_request_status(alerts.add_note("nobody", note).request_id).data
    step("what fails says so only when it is done", not late.is_success)

    alerts = alerts_by(site, site["api_key"])
    with refused("an alert that isn't there is refused", ApiException, lambda error: error.status == 404):
        alerts.get_alert("nobody")
    with refused("a message that is too long is refused", ConfigurationException, lambda error: error.status == 422):
        alerts.create_alert(opsgenie_sdk.CreateAlertPayload(message="x" * 131))
    with refused("another key is refused", AuthenticationException, lambda error: error.status == 401):
        alerts_by(site, "guess").get_alert(alias, identifier_type="alias")


if __name__ == "__main__":
    main(__doc__, client)
