// The services' own clients, and others' for them, at the simulated services in hallpass's place.
#include "judges.hpp"
#include "support/running_sandbox.hpp"
#include "support/skip.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace hallpass;
using namespace hallpass::interop;
namespace json = boost::json;

namespace {

// One for all of them, whose services don't know each other.
const test::running_sandbox& the_sandbox() {
    static const test::running_sandbox sandbox;
    return sandbox;
}

// From creating to the end: what the client says of each step, and that it came to its last.
void check_client(const std::string& service, json::object more = {}) {
    if (python_judges().path.empty()) {
        test::skip(python_judges().why);
        return;
    }
    json::object site = the_sandbox().ready().at(service).as_object();
    site["ca"] = the_sandbox().ca_file();
    for (const auto& [key, value] : more) {
        site[key] = value;
    }
    const judgement given = ask(service + "_client.py", {json::serialize(site)});
    CHECK_MESSAGE(given.status == 0, given.said);
    CHECK_MESSAGE(given.said.find("\nto the end\n") != std::string::npos, given.said);
}

} // namespace

TEST_CASE("PyPI's jira makes, finds, comments and ends an issue in the simulated Jira Cloud and Data Center"
) {
    for (const bool cloud : {true, false}) {
        CAPTURE(cloud);
        the_sandbox().control().post("/jira/site", json::object{{"cloud", cloud}});
        check_client("jira", {{"cloud", cloud}});
    }
}

TEST_CASE("PagerDuty's own client makes, finds, notes and ends an incident in the simulated PagerDuty") {
    check_client("pagerduty");
}

TEST_CASE("opsgenie-sdk makes, reads, notes and closes an alert in the simulated Opsgenie") {
    check_client("opsgenie");
}

TEST_CASE("ServiceNow's own client makes, finds, notes and ends an incident in the simulated ServiceNow") {
    check_client("servicenow");
}

TEST_CASE("Datadog's own client makes, finds and ends an incident in the simulated Datadog") {
    the_sandbox().control().post(
        "/datadog/on_call", json::object{{"team", "databases"}, {"user", "bob@example.com"}}
    );
    check_client("datadog");
}
