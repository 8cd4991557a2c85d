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

    // What Teleport keeps of the request, by plugin.
    std::string kept_text(const std::string& id, const char* plugin, const char* key) const {
        const json::value all = rig.sandbox.control().get("/plugin-data");
        const json::value* of_plugin = all.as_object().if_contains(plugin);
        const json::value* entry = of_plugin == nullptr ? nullptr : of_plugin->as_object().if_contains(id);
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

    // "1 Denied, 2 texts; …" of each service: the review is told, and the end.
    std::string told(const std::string& id) const {
        std::string all;
        const auto add = [&](const char* party, const char* state, const char* texts) {
            const json::array tickets = tickets_of(party, id);
            all += std::to_string(tickets.size());
            for (const json::value& one : tickets) {
                all += ' ' + json::serialize(one.at(state)) + ", " +
                       std::to_string(one.at(texts).as_array().size()) + " texts; ";
            }
        };
        add("jira", "status", "comments");
        add("pagerduty", "status", "notes");
        add("datadog", "state", "cells");
        add("opsgenie", "closed", "notes");
        add("servicenow", "state", "notes");
        return all;
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
    INFO(json::serialize(rig.rig.sandbox.control().get("/plugin-data")));
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
        std::string last;
        INFO(last);
        test::eventually("each service's one ticket says the review and the end", [&] {
            last = rig.told(one);
            return last == R"(1 "Denied", 2 texts; 1 "resolved", 2 texts; 1 "resolved", 1 texts; )"
                           R"(1 true, 2 texts; 1 "7", 2 texts; )";
        });
    }
    test::eventually("the end is kept as upstream keeps it", [&] {
        return rig.kept_text(id, "jira", "resolution") == "denied" &&
               rig.kept_text(id, "pagerduty", "resolution") == "denied" &&
               rig.kept_text(id, "servicenow", "state") == "7" &&
               rig.kept_text(id, "datadog", "resolution") == "DENIED";
    });
}
