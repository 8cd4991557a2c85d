// What Datadog's document, Opsgenie's and PagerDuty's own libraries, and Jira's schemas say of hallpass's
// calls in a full pass, and of the simulated services' answers to them.
#include "payloads.hpp"
#include "support/skip.hpp"
#include "ticket_pass.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace hallpass;
using namespace hallpass::interop;
namespace json = boost::json;

namespace {

// The first that isn't there is the reason.
bool can_judge(const std::vector<const judges& (*)()>& needed) {
    for (const auto& one : needed) {
        if (one().path.empty()) {
            test::skip(one().why);
            return false;
        }
    }
    return true;
}

bool is_at(const json::object& call, std::string_view path) {
    return call.at("path").as_string().starts_with(path);
}

bool ends_at(const json::object& call, std::string_view path) {
    return call.at("path").as_string().ends_with(path);
}

void check_all_accepted(const judgement& given, const payloads& sent) {
    CHECK_MESSAGE(given.said == sent.all_accepted(), given.said);
    CHECK(given.status == 0);
}

// A judge that takes everything is none.
void check_all_refused(const judgement& given, const payloads& broken) {
    CHECK_MESSAGE(given.said.ends_with(broken.all_refused()), given.said);
    CHECK(given.status == 1);
}

json::object without(json::object call, std::string_view place, std::string_view member) {
    json::value all(std::move(call));
    all.at_pointer(place).as_object().erase(member);
    return all.as_object();
}

json::object with(json::object call, std::string_view place, std::string_view member, json::value value) {
    json::value all(std::move(call));
    all.at_pointer(place).as_object()[member] = std::move(value);
    return all.as_object();
}

} // namespace

TEST_CASE("Datadog's document takes every call of a full pass, and every answer of the simulated Datadog") {
    if (!can_judge({python_judges, datadog_document})) {
        return;
    }
    payloads sent;
    for (const json::object& one : the_pass().exchanges("datadog")) {
        // Upstream uses this one too, and Datadog publishes it nowhere.
        if (!ends_at(one, "/timeline")) {
            sent.keep("call", one);
        }
    }
    check_all_accepted(sent.judged_by("datadog_requests.py", {datadog_document().path}), sent);

    const json::object make = the_pass().exchange("datadog", "POST /api/v2/incidents");
    const json::object change = the_pass().exchange("datadog", "PATCH /api/v2/incidents/*");
    const json::object search = the_pass().exchange("datadog", "GET /api/v2/incidents/search");
    const std::string attributes = "/body/data/attributes";
    payloads broken;
    broken.keep("no-title", without(make, attributes, "title"));
    broken.keep("no-impact", without(make, attributes, "customer_impacted"));
    broken.keep("no-type", without(make, "/body/data", "type"));
    broken.keep_broken("strange-field", make, attributes + "/fields/state/type", "lever");
    broken.keep_broken("number-for-text", make, attributes + "/title", 7);
    broken.keep_broken("text-for-list", make, attributes + "/notification_handles", "@oncall@example.com");
    broken.keep("no-key", without(make, "/headers", "DD-API-KEY"));
    broken.keep("no-id", without(change, "/body/data", "id"));
    broken.keep_broken("strange-order", search, "/query", "query=state:active&sort=age");
    broken.keep_broken("strange-parameter", search, "/query", "query=state:active&colour=red");
    broken.keep_broken("no-query", search, "/query", "sort=created");
    broken.keep("answer-without-id", without(make, "/answer/data", "id"));
    check_all_refused(broken.judged_by("datadog_requests.py", {datadog_document().path}), broken);
}

TEST_CASE("opsgenie-sdk makes every call about alerts as hallpass made it, to Opsgenie and to its successor"
) {
    if (!can_judge({python_judges})) {
        return;
    }
    payloads sent;
    for (const json::object& one : the_pass().exchanges("opsgenie")) {
        // The SDK has neither schedules nor teams.
        if (is_at(one, "/v2/alerts")) {
            sent.keep("opsgenie", one);
        }
    }
    for (const json::object& one : the_successors_pass().exchanges("jsm")) {
        if (is_at(one, "/jsm/ops/integration/v2/alerts")) {
            sent.keep("jsm", one);
        }
    }
    check_all_accepted(sent.judged_by("opsgenie_requests.py"), sent);

    const json::object make = the_pass().exchange("opsgenie", "POST /v2/alerts");
    const json::object close = the_pass().exchange("opsgenie", "POST /v2/alerts/*/close");
    const json::object notes = the_pass().exchange("opsgenie", "GET /v2/alerts/*/notes");
    payloads broken;
    broken.keep("no-message", without(make, "/body", "message"));
    broken.keep("unknown-member", with(make, "/body", "colour", "red"));
    broken.keep("strange-priority", with(make, "/body", "priority", "P0"));
    broken.keep_broken("strange-responder", make, "/body/responders/0/type", "crowd");
    broken.keep_broken("number-for-text", make, "/body/alias", 7);
    broken.keep("answer-without-id", without(make, "/answer", "requestId"));
    broken.keep("strange-note", with(close, "/body", "text", "done"));
    broken.keep_broken("strange-parameter", notes, "/query", "identifierType=id&size=100");
    broken.keep_broken("too-many", notes, "/query", "identifierType=id&limit=101");
    check_all_refused(broken.judged_by("opsgenie_requests.py"), broken);
}

TEST_CASE("jira.js makes every call of a full pass as hallpass made it, and takes every answer") {
    if (!can_judge({python_judges, node_judges})) {
        return;
    }
    payloads sent;
    for (const json::object& one : the_pass().exchanges("jira")) {
        // Version 2 only tells Cloud from Data Center.
        if (is_at(one, "/rest/api/3/")) {
            sent.keep("call", one);
        }
    }
    check_all_accepted(sent.judged_by("jira_requests.cjs"), sent);

    const json::object make = the_pass().exchange("jira", "POST /rest/api/3/issue");
    const json::object read = the_pass().exchange("jira", "GET /rest/api/3/issue/*");
    const json::object search = the_pass().exchange("jira", "POST /rest/api/3/search/jql");
    payloads broken;
    broken.keep("unknown-member", with(make, "/body", "labels", json::array{"teleport"}));
    broken.keep("old-text", with(make, "/body/fields", "description", "h1. wiki"));
    broken.keep("unknown-filter", with(search, "/body", "startAt", 0));
    broken.keep_broken("unknown-parameter", read, "/query", "fields=status&colour=red");
    broken.keep_broken("answer-of-numbers", make, "/answer/id", 10001);
    broken.keep_broken("old-search", search, "/path", "/rest/api/3/search");
    check_all_refused(broken.judged_by("jira_requests.cjs"), broken);
}

TEST_CASE("Atlassian's schema of documents takes the text of every issue and comment") {
    if (!can_judge({python_judges, node_judges})) {
        return;
    }
    payloads sent;
    for (const json::object& one : the_pass().exchanges("jira")) {
        if (one.at("method") == "POST" && (ends_at(one, "/issue") || ends_at(one, "/comment"))) {
            sent.keep("text", one);
        }
    }
    const std::vector<std::string> schema{node_modules()};
    check_all_accepted(sent.judged_by("jira_documents.py", schema), sent);

    const json::object comment = the_pass().exchange("jira", "POST /rest/api/3/issue/*/comment");
    const std::string paragraph = "/body/body/content/0";
    payloads broken;
    broken.keep("wiki", with(comment, "/body", "body", "h1. wiki"));
    broken.keep_broken("strange-node", comment, paragraph + "/type", "scroll");
    broken.keep_broken("strange-mark", comment, paragraph + "/content/0/marks/0/type", "blink");
    broken.keep_broken("empty-text", comment, paragraph + "/content/0/text", "");
    broken.keep("no-version", without(comment, "/body/body", "version"));
    check_all_refused(broken.judged_by("jira_documents.py", schema), broken);
}

TEST_CASE("go-pagerduty's types hold every call of a full pass, and every answer of the simulated PagerDuty"
) {
    if (!can_judge({python_judges, pagerduty_judge})) {
        return;
    }
    const auto judged = [](const payloads& calls) {
        return run_judge({pagerduty_judge().path, "requests", calls.folder()});
    };
    payloads sent;
    for (const json::object& one : the_pass().exchanges("pagerduty")) {
        sent.keep("call", one);
    }
    check_all_accepted(judged(sent), sent);

    const json::object make = the_pass().exchange("pagerduty", "POST /incidents");
    const json::object end = the_pass().exchange("pagerduty", "PUT /incidents/*");
    const json::object note = the_pass().exchange("pagerduty", "POST /incidents/*/notes");
    const json::object find = the_pass().exchange("pagerduty", "GET /incidents");
    payloads broken;
    broken.keep("no-title", without(make, "/body/incident", "title"));
    broken.keep("no-sender", without(make, "/headers", "From"));
    broken.keep("no-version", without(make, "/headers", "Accept"));
    broken.keep("unknown-member", with(make, "/body/incident", "dedup_key", "1"));
    broken.keep_broken("bare-service", make, "/body/incident/service", "PSVCDB01");
    broken.keep_broken("details-for-body", make, "/body/incident/body/type", "text");
    broken.keep("unknown-change", with(end, "/body/incident", "state", "resolved"));
    broken.keep("unknown-note", with(note, "/body/note", "text", "done"));
    broken.keep_broken("unknown-filter", find, "/query", "incident_key=1&service_id=2");
    broken.keep_broken("answer-of-text", make, "/answer/incident/incident_number", "first");
    check_all_refused(judged(broken), broken);
}
