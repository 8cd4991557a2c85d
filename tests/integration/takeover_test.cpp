#include "support/eventually.hpp"
#include "support/process.hpp"
#include "ticket_rig.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <vector>

using namespace hallpass;
using test::has;
namespace json = boost::json;

namespace {

constexpr const char* plugins[] = {"jira", "pagerduty", "datadog", "opsgenie", "servicenow"};

// One hallpass for all ticket services at once.
struct takeover_rig : test::ticket_rig {
    takeover_rig() : ticket_rig("jira") {
        const std::filesystem::path folder = std::filesystem::path(rig.sandbox.ca_file()).parent_path();
        ready = json::parse(test::read_file((folder / "ready.json").string()));
        const std::string datadog = of("datadog", "url");
        configure(
            "[jira]\nurl = \"" + site("url") + "\"\nusername = \"" + site("username") + "\"\napi_token = \"" +
            site("token") + "\"\nproject = \"ACCESS\"\n[pagerduty]\nservice_id = \"PSVCDB01\"\napi_key = \"" +
            ready_text("pagerduty", "api_key") + "\"\nuser_email = \"" +
            ready_text("pagerduty", "user_email") + "\"\napi_url = \"" + ready_text("pagerduty", "url") +
            "\"\n[datadog]\napi_endpoint = \"" + datadog.substr(0, datadog.size() - 1) + "\"\napi_key = \"" +
            of("datadog", "api_key") + "\"\napplication_key = \"" + of("datadog", "application_key") +
            "\"\n[datadog.role_to_recipients]\n\"*\" = [\"platform\"]\n[opsgenie]\napi_key = \"" +
            ready_text("opsgenie", "api_key") + "\"\napi_url = \"" + ready_text("opsgenie", "url") +
            "\"\ndefault_schedules = [\"Database\"]\n[servicenow]\napi_url = \"" + of("servicenow", "url") +
            "\"\nusername = \"" + of("servicenow", "username") + "\"\napi_token = \"" +
            of("servicenow", "password") + "\"\n"
        );
        start();
    }

    std::string ready_text(const char* party, const char* key) const {
        return std::string(ready.at(party).at(key).as_string());
    }

    std::string of(const char* party, const char* key) const {
        const json::value all = rig.sandbox.control().get('/' + std::string(party));
        return std::string(all.at("site").at(key).as_string());
    }

    json::array tickets_of(const std::string& party, const std::string& id) const {
        const char* list = party == "jira" ? "issues" : party == "opsgenie" ? "alerts" : "incidents";
        json::array found;
        const json::value all = rig.sandbox.control().get('/' + party);
        for (const json::value& one : all.at(list).as_array()) {
            if (has(json::serialize(one), id)) {
                found.push_back(one);
            }
        }
        return found;
    }

    // What Teleport keeps of the request for each plugin.
    json::object kept(const std::string& id) const {
        const json::value all = rig.sandbox.control().get("/plugin-data");
        for (const json::value& one : all.as_array()) {
            if (one.at("resource").as_string() == id) {
                return one.at("entries").as_object();
            }
        }
        return {};
    }

    std::string kept_text(const std::string& id, const char* plugin, const char* key) const {
        const json::object all = kept(id);
        const json::value* entry = all.if_contains(plugin);
        const json::value* text = entry == nullptr ? nullptr : entry->as_object().if_contains(key);
        return text == nullptr ? std::string() : std::string(text->as_string());
    }

    void wait_until_all_are_kept(const std::string& id) const {
        test::eventually("each service's ticket is in Teleport's data", [&] {
            return !kept_text(id, "jira", "issue_id").empty() &&
                   !kept_text(id, "pagerduty", "incident_id").empty() &&
                   !kept_text(id, "datadog", "messages").empty() &&
                   !kept_text(id, "opsgenie", "alert_id").empty() &&
                   !kept_text(id, "servicenow", "incident_id").empty();
        });
    }

    void set(const std::string& id, const char* plugin, const json::object& values) const {
        const json::object body{{"request", id}, {"plugin", plugin}, {"set", values}};
        rig.sandbox.control().post("/plugin-data", body);
    }

    void stop() {
        hallpass->program().send_signal(SIGTERM);
        CHECK(hallpass->program().wait() == 0);
    }

    // Every service's one ticket says the review and the end.
    bool all_have_ended(const std::string& id) const {
        const json::array issues = tickets_of("jira", id);
        const json::array pages = tickets_of("pagerduty", id);
        const json::array cases = tickets_of("datadog", id);
        const json::array alerts = tickets_of("opsgenie", id);
        const json::array incidents = tickets_of("servicenow", id);
        if (issues.empty() || pages.empty() || cases.empty() || alerts.empty() || incidents.empty()) {
            return false;
        }
        return issues[0].at("status") == "Denied" && pages[0].at("status") == "resolved" &&
               cases[0].at("state") == "resolved" && alerts[0].at("closed") == true &&
               incidents[0].at("state") == "7";
    }

    json::value ready;
};

} // namespace

TEST_CASE(
    "in the middle of a request hallpass takes over what upstream's plugins keep, and keeps it as they do"
) {
    takeover_rig rig;
    const std::string id = rig.new_request();
    const std::string half = rig.new_request("made, but upstream died before it was kept");
    rig.wait_until_all_are_kept(id);
    rig.wait_until_all_are_kept(half);
    rig.stop();
    INFO(json::serialize(rig.kept(id)));
    CHECK(rig.kept_text(id, "jira", "issue_key") == rig.tickets_of("jira", id)[0].at("key").as_string());
    CHECK(
        rig.kept_text(id, "pagerduty", "incident_id") ==
        rig.tickets_of("pagerduty", id)[0].at("id").as_string()
    );
    CHECK(rig.kept_text(id, "pagerduty", "service_id") == "PSVCDB01");

    // What is left is what upstream writes.
    for (const char* plugin : plugins) {
        rig.set(id, plugin, {{"hallpass", ""}, {"created", "1772357400"}});
    }
    rig.set(half, "jira", {{"hallpass", ""}, {"issue_id", ""}, {"issue_key", ""}});
    rig.set(half, "pagerduty", {{"hallpass", ""}, {"incident_id", ""}, {"service_id", ""}});
    rig.set(half, "opsgenie", {{"hallpass", ""}, {"alert_id", ""}});
    rig.start();
    rig.review(id, "bob@example.com", "DENIED");
    rig.review(half, "bob@example.com", "DENIED");
    for (const std::string& one : {id, half}) {
        CAPTURE(one);
        test::eventually("each ticket has ended", [&] { return rig.all_have_ended(one); });
        for (const char* plugin : plugins) {
            CAPTURE(plugin);
            CHECK(rig.tickets_of(plugin, one).size() == 1);
        }
        CHECK(rig.tickets_of("jira", one)[0].at("comments").as_array().size() == 2);
        CHECK(rig.tickets_of("pagerduty", one)[0].at("notes").as_array().size() == 2);
        CHECK(rig.tickets_of("datadog", one)[0].at("cells").as_array().size() == 1);
        CHECK(rig.tickets_of("opsgenie", one)[0].at("notes").as_array().size() == 2);
        CHECK(rig.tickets_of("servicenow", one)[0].at("notes").as_array().size() == 2);
    }
    test::eventually("the end is kept as upstream keeps it", [&] {
        return rig.kept_text(id, "jira", "resolution") == "denied" &&
               rig.kept_text(id, "pagerduty", "resolution") == "denied" &&
               rig.kept_text(id, "servicenow", "state") == "7" &&
               rig.kept_text(id, "datadog", "resolution") == "DENIED";
    });
}
