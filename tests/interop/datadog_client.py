#!/usr/bin/env python3
"""Datadog's own client for Python at the simulated Datadog: an incident from its begin to its end.

usage: datadog_client.py JSON
"""
from datadog_api_client import ApiClient, Configuration
from datadog_api_client.exceptions import ForbiddenException, NotFoundException, UnauthorizedException
from datadog_api_client.v2.api.incidents_api import IncidentsApi
from datadog_api_client.v2.api.on_call_api import OnCallApi
from datadog_api_client.v2.api.teams_api import TeamsApi
from datadog_api_client.v2.model.incident_create_attributes import IncidentCreateAttributes
from datadog_api_client.v2.model.incident_create_data import IncidentCreateData
from datadog_api_client.v2.model.incident_create_request import IncidentCreateRequest
from datadog_api_client.v2.model.incident_field_attributes_single_value import IncidentFieldAttributesSingleValue
from datadog_api_client.v2.model.incident_field_attributes_single_value_type import (
    IncidentFieldAttributesSingleValueType,
)
from datadog_api_client.v2.model.incident_type import IncidentType
from datadog_api_client.v2.model.incident_update_attributes import IncidentUpdateAttributes
from datadog_api_client.v2.model.incident_update_data import IncidentUpdateData
from datadog_api_client.v2.model.incident_update_request import IncidentUpdateRequest
from ticket_client import MARK, main, refused, step

UNSTABLE = ("create_incident", "get_incident", "list_incidents", "search_incidents", "update_incident")


def client_by(site, api_key, application_key):
    configuration = Configuration(host=site["url"].rstrip("/"), ssl_ca_cert=site["ca"], enable_retry=False)
    configuration.api_key["apiKeyAuth"] = api_key
    configuration.api_key["appKeyAuth"] = application_key
    for name in UNSTABLE:
        configuration.unstable_operations[name] = True
    return ApiClient(configuration)


def field(kind, value):
    return IncidentFieldAttributesSingleValue(type=IncidentFieldAttributesSingleValueType(kind), value=value)


def client(site):
    api = client_by(site, site["api_key"], site["application_key"])
    incidents = IncidentsApi(api)
    attributes = IncidentCreateAttributes(
        title=MARK,
        customer_impacted=False,
        fields={"state": field("dropdown", "active"), "summary": field("textbox", "the job fails")},
    )
    data = IncidentCreateData(type=IncidentType.INCIDENTS, attributes=attributes)
    made = incidents.create_incident(IncidentCreateRequest(data=data)).data
    step("an incident is created", made.attributes.title == MARK and made.attributes.public_id == 1)
    read = incidents.get_incident(made.id).data
    step("it is read back", read.attributes.state == "active" and read.attributes.fields["summary"].value == "the job fails")
    step("it is listed", [one.id for one in incidents.list_incidents().data] == [made.id])
    found = incidents.search_incidents(query="state:(active OR stable)").data.attributes
    step("a search finds it", found.total == 1 and [one.data.id for one in found.incidents] == [made.id])

    changed = IncidentUpdateAttributes(fields={"state": field("dropdown", "resolved")})
    update = IncidentUpdateData(id=made.id, type=IncidentType.INCIDENTS, attributes=changed)
    ended = incidents.update_incident(made.id, IncidentUpdateRequest(data=update)).data
    step("it is resolved", ended.attributes.state == "resolved")
    step("nothing else of it is changed", ended.attributes.fields["summary"].value == "the job fails")

    teams = TeamsApi(api).list_teams(filter_keyword="databases").data
    step("a team is found", [one.attributes.handle for one in teams] == ["databases"])
    on_call = OnCallApi(api).get_team_on_call_users(teams[0].id, include="responders")
    people = {one.id: one for one in on_call.included}
    names = [people[one.id].attributes.email for one in on_call.data.relationships.responders.data]
    step("who is on call is told", names == ["bob@example.com"])

    with refused("an incident that isn't there is refused", NotFoundException):
        incidents.get_incident("00000000-0000-4000-8000-000000000009")
    with refused("another API key is refused", UnauthorizedException):
        IncidentsApi(client_by(site, "guess", site["application_key"])).get_incident(made.id)
    with refused("another application key is refused", ForbiddenException):
        IncidentsApi(client_by(site, site["api_key"], "guess")).get_incident(made.id)


if __name__ == "__main__":
    main(__doc__, client)
