#include "ticket_rig.hpp"

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

#include <functional>

using namespace hallpass;
using test::has;
namespace json = boost::json;

namespace {

constexpr const char* alice = "11111111-0000-4000-8000-000000000001";

std::string text_at(const json::value& in, std::string_view key) {
    return std::string(in.at(key).as_string());
}

struct opsgenie_rig : test::ticket_rig {
    explicit opsgenie_rig(bool jsm, const std::string& own_lines = "") : ticket_rig("opsgenie") {
        const auto line = [&](const char* key, const char* of) {
            return std::string(key) + " = \"" + site(of) + "\"\n";
        };
        std::string section = jsm ? "[jsm]\n" : "[opsgenie]\n";
        section += line("api_key", "api_key") + line("api_url", "url");
        if (jsm) {
            section += line("cloud_id", "cloud_id") + line("user_email", "user_email") +
                       line("api_token", "api_token") + line("site_url", "url");
        }
        configure(section + own_lines);
    }

    json::array alerts_of(const std::string& id) const { return tickets("alerts", id); }

    json::value wait_for(
        const std::string& id,
        std::string_view what,
        const std::function<bool(const json::value&)>& condition = [](const json::value&) { return true; }
    ) const {
        return ticket_that(what, "alerts", id, condition);
    }
};

const json::object notify_database{{"teleport.dev/notify-services", {"Database"}}};

std::string note_text(const json::value& alert, std::size_t index) {
    return std::string(alert.at("notes").at(index).as_string());
}

bool is_closed_with_two_notes(const json::value& alert) {
    return alert.at("closed") == true && alert.at("notes").as_array().size() == 2;
}

} // namespace

TEST_CASE("an alert is made, noted and closed, in Opsgenie and in its successor") {
    for (const bool jsm : {false, true}) {
        CAPTURE(jsm);
        opsgenie_rig all(jsm, "default_teams = [\"DBA\"]\npriority = \"P2\"\n");
        all.start();
        const std::string id = all.new_request(notify_database);
        const json::value made = all.wait_for(id, "the alert");
        CHECK(
            text_at(made, "responders") ==
            R"([{"type":"schedule","name":"Database"},{"type":"team","name":"DBA"}])"
        );
        CHECK(text_at(made, "priority") == "P2");
        CHECK(has(text_at(made, "message"), "alice@example.com"));
        CHECK(has(text_at(made, "description"), "the nightly job fails"));
        all.review(id, "bob@example.com", "DENIED");
        const json::value ended = all.wait_for(id, "two notes, and closed", is_closed_with_two_notes);
        CHECK(has(note_text(ended, 0), "bob@example.com"));
        CHECK(has(note_text(ended, 1), "DENIED"));
        CHECK(all.alerts_of(id).size() == 1);
        CHECK(made.at("count") == 1);
        CHECK_FALSE(has(all.hallpass->log(), all.site("api_key")));
        CHECK_FALSE(has(all.hallpass->log(), all.site("api_token")));
    }
}

TEST_CASE("an alert whose answers were lost is looked up, and is there once") {
    for (const bool jsm : {false, true}) {
        CAPTURE(jsm);
        opsgenie_rig all(jsm);
        all.start();
        all.rig.command("/lose", {{"side", "opsgenie"}, {"method", "POST alerts"}, {"n", 1}});
        const std::string id = all.new_request(notify_database);
        all.hallpass->wait_for_text("found_after_uncertain_send");
        all.rig.command("/lose", {{"side", "opsgenie"}, {"method", "POST alerts/{id}/notes"}, {"n", 1}});
        all.rig.command("/lose", {{"side", "opsgenie"}, {"method", "POST alerts/{id}/close"}, {"n", 1}});
        all.review(id, "bob@example.com", "DENIED");
        all.wait_for(id, "two notes, and closed", is_closed_with_two_notes);
        const auto there = all.alerts_of(id);
        REQUIRE(there.size() == 1);
        CHECK(there[0].at("count") == 1);
    }
}

TEST_CASE("who is on call by the schedules that the request names is approved, and nobody else") {
    for (const bool jsm : {false, true}) {
        CAPTURE(jsm);
        opsgenie_rig all(jsm);
        all.start();
        const json::object annotations{{"teleport.dev/schedules", {"Database", "No such schedule"}}};
        const std::string before = all.new_request(annotations);
        all.hallpass->wait_for_text(
            "not_on_call service=" + std::string(jsm ? "jsm" : "opsgenie") + " request_id=" + before
        );
        all.command("on_call", {{"user", alice}, {"schedule", "Database"}, {"on", true}});
        const std::string on_call = all.new_request(annotations);
        CHECK(
            all.approval_of(on_call) == "alice@example.com is on call in " +
                                            std::string(jsm ? "Jira Service Management" : "Opsgenie") +
                                            " by schedule Database"
        );
        CHECK(all.request(before).at("state") == "PENDING");
    }
}

TEST_CASE(
    "`hallpass check` tells of Opsgenie's end, with the section of its successor, and finds what is wrong"
) {
    opsgenie_rig all(false, "default_schedules = [\"Database\"]\n");
    const std::string said = all.check();
    CHECK(said.starts_with("0 "));
    CHECK(has(said, "Opsgenie ends on 5 April 2027"));
    CHECK(has(said, "[jsm]"));
    CHECK(has(said, "default_schedules = [\"Database\"]"));
    const auto check_with = [&](const std::string& key, const std::string& lines) {
        all.configure(
            "[opsgenie]\napi_key = \"" + key + "\"\napi_url = \"" + all.site("url") + "\"\n" + lines
        );
        std::string found = all.check();
        CHECK_FALSE(found.starts_with("0 "));
        return found;
    };
    const std::string key = all.site("api_key");
    CHECK(
        has(check_with(key, "default_schedules = [\"Nowhere\"]\n"),
            "Opsgenie has no schedule \"Nowhere\"; correct opsgenie.default_schedules")
    );
    CHECK(
        has(check_with(key, "default_teams = [\"DBA\", \"Nobody\"]\n"),
            "Opsgenie has no team \"Nobody\"; correct opsgenie.default_teams")
    );
    CHECK(has(check_with("wrong", ""), "check opsgenie.api_key"));
}
