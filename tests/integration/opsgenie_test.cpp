#include "rig.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

using namespace hallpass;
using test::has;
namespace json = boost::json;

namespace {

constexpr const char* alice = "11111111-0000-4000-8000-000000000001";

std::string text_at(const json::value& in, std::string_view key) {
    return std::string(in.at(key).as_string());
}

struct opsgenie_rig {
    explicit opsgenie_rig(bool jsm, const std::string& own_lines = "") {
        const std::filesystem::path folder = std::filesystem::path(rig.sandbox.ca_file()).parent_path();
        ready = json::parse(test::read_file((folder / "ready.json").string())).at("opsgenie");
        const auto line = [&](const char* key, const char* of) {
            return std::string(key) + " = \"" + text_at(ready, of) + "\"\n";
        };
        std::string section = jsm ? "[jsm]\n" : "[opsgenie]\n";
        section += line("api_key", "api_key") + line("api_url", "url");
        if (jsm) {
            section += line("cloud_id", "cloud_id") + line("user_email", "user_email") +
                       line("api_token", "api_token") + line("site_url", "url");
        }
        rig.configure_with(
            "state_dir = \"" + rig.state() + "\"\n[teleport]\naddr = \"" + rig.sandbox.auth_address() +
            "\"\nidentity = \"" + rig.sandbox.identity_file() + "\"\n" + section + own_lines +
            "\n[log]\nseverity = \"debug\"\n"
        );
    }

    void start() { hallpass = rig.start_watching(); }

    std::string new_request(const json::object& annotations) {
        json::object wanted{
            {"user", "alice@example.com"}, {"roles", {"dba"}}, {"reason", "the nightly job fails"}};
        wanted["annotations"] = annotations;
        const json::value made = rig.sandbox.control().post("/requests", wanted);
        return std::string(made.at("ids").at(0).as_string());
    }

    void review(const std::string& id, std::string_view author, std::string_view state) {
        const json::object given{{"author", author}, {"state", state}, {"reason", "seen and judged"}};
        rig.sandbox.control().post("/requests/" + id + "/review", given);
    }

    json::value request(const std::string& id) const {
        const json::value listed = rig.sandbox.control().get("/requests");
        for (const json::value& one : listed.as_array()) {
            if (text_at(one, "id") == id) {
                return one;
            }
        }
        throw std::runtime_error("there is no request " + id);
    }

    std::vector<json::object> alerts_of(const std::string& id) const {
        std::vector<json::object> found;
        const json::value now = rig.sandbox.control().get("/opsgenie");
        for (const json::value& one : now.at("alerts").as_array()) {
            if (text_at(one, "alias") == "teleport-access-request/" + id) {
                found.push_back(one.as_object());
            }
        }
        return found;
    }

    json::object wait_for(
        const std::string& id,
        std::string_view what,
        const std::function<bool(const json::object&)>& condition = [](const json::object&) { return true; }
    ) const {
        json::object there;
        test::eventually(what, [&] {
            const auto all = alerts_of(id);
            if (all.empty() || !condition(all.front())) {
                return false;
            }
            there = all.front();
            return true;
        });
        return there;
    }

    test::rig rig;
    json::value ready;
    std::unique_ptr<test::running_hallpass> hallpass;
};

const json::object notify_database{{"teleport.dev/notify-services", {"Database"}}};

std::string note_text(const json::object& alert, std::size_t index) {
    return std::string(alert.at("notes").at(index).as_string());
}

bool is_closed_with_two_notes(const json::object& alert) {
    return alert.at("closed") == true && alert.at("notes").as_array().size() == 2;
}

} // namespace

TEST_CASE("an alert is made, noted and closed, in Opsgenie and in its successor") {
    for (const bool jsm : {false, true}) {
        CAPTURE(jsm);
        opsgenie_rig all(jsm, "default_teams = [\"DBA\"]\npriority = \"P2\"\n");
        all.start();
        const std::string id = all.new_request(notify_database);
        const json::object made = all.wait_for(id, "the alert");
        CHECK(
            text_at(made, "responders") ==
            R"([{"type":"schedule","name":"Database"},{"type":"team","name":"DBA"}])"
        );
        CHECK(text_at(made, "priority") == "P2");
        CHECK(has(text_at(made, "message"), "alice@example.com"));
        CHECK(has(text_at(made, "description"), "the nightly job fails"));
        all.review(id, "bob@example.com", "DENIED");
        const json::object ended = all.wait_for(id, "two notes, and closed", is_closed_with_two_notes);
        CHECK(has(note_text(ended, 0), "bob@example.com"));
        CHECK(has(note_text(ended, 1), "DENIED"));
        CHECK(all.alerts_of(id).size() == 1);
        CHECK(made.at("count") == 1);
        CHECK_FALSE(has(all.hallpass->log(), text_at(all.ready, "api_key")));
        CHECK_FALSE(has(all.hallpass->log(), text_at(all.ready, "api_token")));
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
        all.rig.command("/opsgenie/on_call", {{"user", alice}, {"schedule", "Database"}, {"on", true}});
        const std::string on_call = all.new_request(annotations);
        test::eventually("the request is approved", [&] {
            return all.request(on_call).at("state") == "APPROVED";
        });
        const json::value after = all.request(on_call);
        CHECK(
            text_at(after.at("reviews").at(0), "reason") ==
            "alice@example.com is on call in " + std::string(jsm ? "Jira Service Management" : "Opsgenie") +
                " by schedule Database"
        );
        CHECK(all.request(before).at("state") == "PENDING");
    }
}

TEST_CASE("`hallpass check` tells of Opsgenie's end, with the section of its successor") {
    opsgenie_rig all(false, "default_schedules = [\"Database\"]\n");
    test::process check(
        {HALLPASS_PROGRAM, "check", "-c", all.rig.config_file()},
        {{"SSL_CERT_FILE", all.rig.sandbox.ca_file()}}
    );
    CHECK(check.wait() == 0);
    const std::string said = check.standard_output();
    CHECK(has(said, "Opsgenie ends on 5 April 2027"));
    CHECK(has(said, "[jsm]"));
    CHECK(has(said, "default_schedules = [\"Database\"]"));
}

TEST_CASE("`hallpass check` finds a schedule that isn't there") {
    opsgenie_rig all(false, "default_schedules = [\"Nowhere\"]\n");
    test::process check(
        {HALLPASS_PROGRAM, "check", "-c", all.rig.config_file()},
        {{"SSL_CERT_FILE", all.rig.sandbox.ca_file()}}
    );
    CHECK(check.wait() != 0);
    CHECK(has(
        check.standard_output(), "Opsgenie has no schedule \"Nowhere\"; correct opsgenie.default_schedules"
    ));
}

TEST_CASE("`hallpass check` finds a team that isn't there, and a key that is none") {
    opsgenie_rig all(false, "default_schedules = [\"Database\"]\ndefault_teams = [\"DBA\", \"Nobody\"]\n");
    test::process check(
        {HALLPASS_PROGRAM, "check", "-c", all.rig.config_file()},
        {{"SSL_CERT_FILE", all.rig.sandbox.ca_file()}}
    );
    CHECK(check.wait() != 0);
    CHECK(has(check.standard_output(), "Opsgenie has no team \"Nobody\"; correct opsgenie.default_teams"));
    all.rig.configure_with(
        "[teleport]\naddr = \"" + all.rig.sandbox.auth_address() + "\"\nidentity = \"" +
        all.rig.sandbox.identity_file() + "\"\n[opsgenie]\napi_key = \"wrong\"\napi_url = \"" +
        text_at(all.ready, "url") + "\"\n"
    );
    test::process refused(
        {HALLPASS_PROGRAM, "check", "-c", all.rig.config_file()},
        {{"SSL_CERT_FILE", all.rig.sandbox.ca_file()}}
    );
    CHECK(refused.wait() != 0);
    CHECK(has(refused.standard_output(), "check opsgenie.api_key"));
}
