#include "support/eventually.hpp"
#include "ticket_rig.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using test::has;
namespace json = boost::json;

namespace {

struct datadog_rig : test::ticket_rig {
    datadog_rig() : ticket_rig("datadog") {}

    // What upstream's teleport-datadog.toml holds, with the sandbox's addresses in it.
    std::string upstreams_section() const {
        const std::string url = site("url");
        return "[datadog]\napi_endpoint = \"" + url.substr(0, url.size() - 1) + "\"\napi_key = \"" +
               site("api_key") + "\"\napplication_key = \"" + site("application_key") +
               "\"\nseverity = \"SEV-3\"\n[role_to_recipients]\n\"*\" = [\"platform\"]\n"
               "\"dba\" = [\"oncall@example.com\", \"databases\"]\n";
    }

    json::value incident_that(
        std::string_view what, const std::string& id, const std::function<bool(const json::value&)>& condition
    ) const {
        return ticket_that(what, "incidents", id, condition);
    }
};

bool is_in(const json::value& incident, std::string_view state) {
    return incident.at("state").as_string() == state;
}

std::size_t cells_of(const json::value& incident) {
    return incident.at("cells").as_array().size();
}

} // namespace

TEST_CASE("upstream's teleport-datadog.toml works unchanged: one incident for everybody, from the request to "
          "its end") {
    datadog_rig rig;
    rig.configure(rig.upstreams_section());
    rig.start();
    const std::string id = rig.new_request("@everyone [look](https://evil.example)");
    const json::value made = rig.incident_that("the incident", id, [](const json::value&) { return true; });
    CHECK(is_in(made, "active"));
    const json::value& attributes = made.at("attributes");
    CHECK(has(attributes.at("title").as_string(), "alice@example.com"));
    CHECK(json::serialize(attributes.at("notification_handles")) == R"([{"handle":"@oncall@example.com"}])");
    CHECK(json::serialize(attributes.at("fields").at("teams").at("value")) == R"(["databases"])");
    CHECK(attributes.at("fields").at("severity").at("value") == "SEV-3");
    const std::string_view summary = made.at("summary").as_string();
    CHECK(has(summary, "dba"));
    CHECK_FALSE(has(summary, "@everyone"));
    CHECK_FALSE(has(summary, "https://evil"));

    rig.review(id, "bob@example.com", "APPROVED");
    const json::value ended = rig.incident_that("cell and state", id, [](const json::value& incident) {
        return is_in(incident, "resolved") && cells_of(incident) == 1;
    });
    CHECK(has(json::serialize(ended.at("cells")), "bob@example.com"));
    CHECK(has(ended.at("summary").as_string(), "APPROVED"));
    CHECK(has(ended.at("summary").as_string(), "seen and judged"));
    for (const char* key : {"api_key", "application_key"}) {
        CHECK_FALSE(has(rig.hallpass->log(), rig.site(key)));
    }
}

TEST_CASE("an incident whose answer was lost is searched for until the search must know it, and is there once"
) {
    datadog_rig rig;
    rig.command("site", {{"lag_ms", 2000}});
    rig.configure(rig.upstreams_section());
    rig.start();
    rig.rig.command("/lose", {{"side", "datadog"}, {"method", "POST incidents"}, {"n", 1}});
    const std::string id = rig.new_request();
    rig.hallpass->wait_for_text("found_after_uncertain_send");
    CHECK(rig.calls("POST incidents") == 1);
    CHECK(rig.tickets("incidents", id).size() == 1);
}

TEST_CASE("where Datadog has no timeline to write to, the summary has the review, and the log says so once") {
    datadog_rig rig;
    rig.command("site", {{"timeline", false}});
    rig.configure(rig.upstreams_section());
    rig.start();
    const std::string id = rig.new_request();
    rig.incident_that("the incident", id, [](const json::value&) { return true; });
    rig.review(id, "bob@example.com", "DENIED");
    const json::value ended =
        rig.incident_that("the end", id, [](const json::value& one) { return is_in(one, "resolved"); });
    CHECK(has(ended.at("summary").as_string(), "bob@example.com"));
    rig.hallpass->wait_for_text("datadog_timeline_unavailable");
}

TEST_CASE("an application key that may not write is found before the first request") {
    datadog_rig rig;
    rig.command("site", {{"restricted", true}});
    rig.configure(rig.upstreams_section());
    rig.hallpass = rig.rig.start();
    rig.hallpass->wait_for_text("the application key lacks incident_write");
}
