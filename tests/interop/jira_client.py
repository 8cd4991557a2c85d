#!/usr/bin/env python3
"""PyPI's jira at the simulated Jira, Cloud or Data Center: an issue from its begin to its end.

usage: jira_client.py JSON
"""
from jira import JIRA, JIRAError
from ticket_client import MARK, main, refused, step

JQL = 'project = "ACCESS" AND creator = currentUser() AND created >= "-11m" ORDER BY created DESC'


def text_of(cloud, words):
    """The Document Format on Cloud, wiki markup on Data Center."""
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
    return {"type": "doc", "version": 1, "content": [paragraph]} if cloud else words


def options_of(site):
    version = "3" if site["cloud"] else "2"
    return {"server": site["url"], "verify": site["ca"], "rest_api_version": version, "check_update": False}


def login_of(site, token):
    return {"basic_auth": (site["username"], token)} if site["cloud"] else {"token_auth": token}


def client(site):
    cloud = site["cloud"]
    jira = JIRA(options_of(site), max_retries=0, **login_of(site, site["token"]))
    step("its kind is known", jira._is_cloud == cloud)  # pylint: disable=protected-access
    me = jira.myself()
    step("the account is the configured one", me["emailAddress"] == site["username"])
    project = jira.project(site["project"])
    step("the project has the type", "Task" in [one.name for one in project.issueTypes])
    allowed = jira.my_permissions(projectKey=site["project"], permissions="CREATE_ISSUES")["permissions"]
    step("issues may be created", allowed["CREATE_ISSUES"]["havePermission"])

    fields = {"project": {"key": site["project"]}, "issuetype": {"name": "Task"}, "summary": MARK}
    made = jira.create_issue(fields={**fields, "description": text_of(cloud, "the job fails")})
    step("an issue is created and read back", made.fields.summary == MARK)
    step("it is pending", made.fields.status.name == "Pending" and made.fields.creator.displayName == me["displayName"])
    found = jira.search_issues(JQL, maxResults=50, fields="summary,description")
    step("a search finds it", made.key in [one.key for one in found])

    jira.add_comment(made, text_of(cloud, "Review: denied"))
    comments = jira.comments(made)
    step("a comment is there", len(comments) == 1 and comments[0].author.displayName == me["displayName"])

    ways = jira.transitions(made)
    step("there are transitions", {"Approved", "Denied", "Expired"} == {one["to"]["name"] for one in ways})
    jira.transition_issue(made, next(one["id"] for one in ways if one["to"]["name"] == "Denied"))
    ended = jira.issue(made.key, expand="changelog")
    change = ended.changelog.histories[0].items[0]
    step("it is denied", ended.fields.status.name == "Denied")
    step("its history says so", (change.field, change.fromString, change.toString) == ("status", "Pending", "Denied"))

    with refused("an illegal transition is refused", JIRAError, lambda error: error.status_code == 400):
        jira.transition_issue(made, "7")
    with refused("an issue that isn't there is refused", JIRAError, lambda error: error.status_code == 404):
        jira.issue("ACCESS-999")
    with refused("another token is refused", JIRAError, lambda error: error.status_code == 401):
        JIRA(options_of(site), max_retries=0, **login_of(site, "guess")).myself()


if __name__ == "__main__":
    main(__doc__, client)
