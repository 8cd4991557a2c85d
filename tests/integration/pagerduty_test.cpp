#include "rig.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

using namespace hallpass;
using test::has;
namespace json = boost::json;

namespace {

constexpr const char* alice = "PALICE01";
constexpr const char* bob = "PBOB0001";
constexpr const char* carol = "PCAROL01";

std::string text_at(const json::value& in, std::string_view key) {
    return std::string(in.at(key).as_string());
}

struct pagerduty_rig {
    explicit pagerduty_rig(const std::string& own_lines = "", const std::string& more = "") {
        ready = json::parse(test::read_file(ready_file())).at("pagerduty");
        rig.configure_with(
            "state_dir = \"" + rig.state() + "\"\n[teleport]\naddr = \"" + rig.sandbox.auth_address() +
            "\"\nidentity = \"" + rig.sandbox.identity_file() +
            "\"\nrefresh_identity = true\n\n[pagerduty]\napi_key = \"" + text_at(ready, "api_key") +
            "\"\nuser_email = \"" + text_at(ready, "user_email") + "\"\napi_url = \"" +
            text_at(ready, "url") + "\"\n" + own_lines + more +
            "\n[log]\noutput = \"stderr\"\nseverity = \"DEBUG\"\n"
        );
        hallpass = rig.start_watching();
    }

    std::string ready_file() const {
        return (std::filesystem::path(rig.sandbox.ca_file()).parent_path() / "ready.json").string();
    }

    std::string new_request(const json::object& annotations, const std::string& user = "alice@example.com") {
        json::object wanted{{"user", user}, {"roles", {"dba"}}, {"reason", "the nightly job fails"}};
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

    std::vector<json::object> incidents_of(const std::string& id) const {
        std::vector<json::object> found;
        const json::value now = rig.sandbox.control().get("/pagerduty");
        for (const json::value& one : now.at("incidents").as_array()) {
            if (text_at(one, "key") == "teleport-access-request/" + id) {
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
            const auto all = incidents_of(id);
            if (all.empty() || !condition(all.front())) {
                return false;
            }
            there = all.front();
            return true;
        });
        return there;
    }

    json::value command(const std::string& what, const json::object& body) const {
        return rig.sandbox.control().post("/pagerduty/" + what, body);
    }

    json::value
    write_note(const std::string& id, const char* user, const char* content, json::object more = {}) {
        more["user"] = user;
        more["incident"] = incidents_of(id).at(0).at("id");
        more["content"] = content;
        return command("note", more);
    }

    // A webhook is believed once Teleport keeps the incident for the request.
    void wait_until_kept(const std::string& id) const {
        const std::string incident = text_at(incidents_of(id).at(0), "id");
        test::eventually("the incident is in Teleport's data", [&] {
            return has(json::serialize(rig.sandbox.control().get("/plugin-data")), incident);
        });
    }

    test::rig rig;
    json::value ready;
    std::unique_ptr<test::running_hallpass> hallpass;
};

const json::object notify_database{{"pagerduty_notify_service", {"database"}}};

std::size_t notes_of(const json::object& incident) {
    return incident.at("notes").as_array().size();
}

std::string note_text(const json::object& incident, std::size_t index) {
    return text_at(incident.at("notes").at(index), "content");
}

bool is_resolved(const json::object& incident) {
    return incident.at("status") == "resolved";
}

// Decisions from notes, by people of the table.
struct decision_rig : pagerduty_rig {
    decision_rig()
        : pagerduty_rig(
              "service_id = \"PSVCDB01\"\nwebhook_secret = \"pagerduty-sandbox-webhook-secret\"\n"
              "approve_action = \"01SANDBOXAPPROVE0000000001\"\ndeny_action = "
              "\"01SANDBOXDENY0000000000001\"\n",
              "[pagerduty.users]\nPALICE01 = \"alice@example.com\"\nPBOB0001 = \"bob@example.com\"\n"
              "PCAROL01 = \"carol@example.com\"\n[http]\nlisten_addr = \"127.0.0.1:0\"\ninsecure = true\n"
              "[review]\nenabled = true\n"
          ) {
        hallpass->wait_for_event("listening");
        const std::string key = "listening address=";
        const std::string log = hallpass->log();
        const std::size_t begin = log.rfind(key) + key.size();
        const std::string address = log.substr(begin, log.find(' ', begin) - begin);
        command("webhook", {{"url", "http://" + address + "/pagerduty"}});
    }

    std::string announced_request() {
        std::string id = new_request({});
        wait_for(id, "the incident");
        wait_until_kept(id);
        return id;
    }

    std::size_t reviews_of(const std::string& id) const {
        return request(id).at("reviews").as_array().size();
    }
};

} // namespace

TEST_CASE("upstream's teleport-pagerduty.toml works unchanged, from the request to its end") {
    pagerduty_rig all;
    const std::string id = all.new_request(notify_database);
    const json::object made = all.wait_for(id, "the incident");
    CHECK(text_at(made, "service") == "PSVCDB01");
    CHECK(text_at(made, "status") == "triggered");
    CHECK(has(text_at(made, "title"), "alice@example.com"));
    CHECK(has(text_at(made, "details"), "dba"));
    CHECK(has(text_at(made, "details"), "the nightly job fails"));
    CHECK(has(text_at(made, "details"), id));

    all.review(id, "bob@example.com", "DENIED");
    const json::object ended = all.wait_for(id, "two notes, and resolved", [](const json::object& now) {
        return notes_of(now) == 2 && is_resolved(now);
    });
    CHECK(has(note_text(ended, 0), "bob@example.com"));
    CHECK(has(note_text(ended, 0), "seen and judged"));
    CHECK(has(note_text(ended, 1), "DENIED"));
    CHECK(all.incidents_of(id).size() == 1);
    CHECK_FALSE(has(all.hallpass->log(), "pagerduty-sandbox-key"));
}

TEST_CASE("a request for several services has an incident in each, and one that names none has none") {
    pagerduty_rig all;
    const std::string both = all.new_request({{"pagerduty_notify_service", {"Database", "Checkout"}}});
    test::eventually("two incidents", [&] { return all.incidents_of(both).size() == 2; });
    const std::string none = all.new_request({});
    const std::string later = all.new_request(notify_database);
    all.wait_for(later, "the incident of a later request");
    CHECK(all.incidents_of(none).empty());
}

TEST_CASE("an incident whose answer was lost is looked up, and is there once") {
    pagerduty_rig all;
    all.rig.command("/lose", {{"side", "pagerduty"}, {"method", "POST /incidents"}, {"n", 1}});
    const std::string id = all.new_request(notify_database);
    all.hallpass->wait_for_text("found_after_uncertain_send");
    all.review(id, "bob@example.com", "DENIED");
    all.wait_for(id, "the end", is_resolved);
    CHECK(all.incidents_of(id).size() == 1);
}

TEST_CASE("a note whose answer was lost is looked up, and is there once") {
    pagerduty_rig all;
    const std::string id = all.new_request(notify_database);
    all.wait_for(id, "the incident");
    all.rig.command("/lose", {{"side", "pagerduty"}, {"method", "POST /incidents/{id}/notes"}, {"n", 2}});
    all.review(id, "bob@example.com", "DENIED");
    const json::object ended = all.wait_for(id, "the end", is_resolved);
    CHECK(notes_of(ended) == 2);
}

TEST_CASE("who is on call for what the request names is approved, and nobody else") {
    pagerduty_rig all;
    const json::object annotations{{"pagerduty_services", {"Database"}}};
    const std::string not_on_call = all.new_request(annotations);
    all.hallpass->wait_for_text("not_on_call service=pagerduty request_id=" + not_on_call);
    all.command("on_call", {{"user", alice}, {"on", true}, {"level", 2}});
    const std::string second_level = all.new_request(annotations);
    all.hallpass->wait_for_text("not_on_call service=pagerduty request_id=" + second_level);
    all.command("on_call", {{"user", alice}, {"on", true}, {"level", 1}});
    const std::string on_call = all.new_request(annotations);
    test::eventually("the request is approved", [&] {
        return all.request(on_call).at("state") == "APPROVED";
    });
    const json::value review = all.request(on_call).at("reviews").at(0);
    CHECK(review.at("reason") == "alice@example.com is on call in PagerDuty for service Database (level 1)");
    CHECK(all.request(not_on_call).at("state") == "PENDING");
    CHECK(all.request(second_level).at("state") == "PENDING");
}

TEST_CASE("a PagerDuty that can't say who is on call is asked again, and is no answer") {
    pagerduty_rig all;
    all.command("on_call", {{"user", alice}, {"on", true}});
    all.rig.command("/fail", {{"side", "pagerduty"}, {"method", "GET /oncalls"}, {"status", 500}, {"n", 2}});
    const std::string id = all.new_request({{"pagerduty_services", {"Database"}}});
    all.hallpass->wait_for_text("on_call_not_known");
    test::eventually("the request is approved", [&] { return all.request(id).at("state") == "APPROVED"; });
}

TEST_CASE("a note decides in the name of who wrote it, once, and says so on the incident") {
    decision_rig all;
    const std::string id = all.announced_request();
    const json::value told = all.write_note(id, carol, "Deny: use the replica");
    INFO(json::serialize(told));
    CHECK(told.at("status") == 202);
    const json::value after = all.request(id);
    CHECK(after.at("state") == "DENIED");
    REQUIRE(all.reviews_of(id) == 1);
    CHECK(after.at("reviews").at(0).at("author") == "carol@example.com");
    CHECK(after.at("reviews").at(0).at("reason") == "use the replica");
    all.wait_for(id, "the end", is_resolved);
    const json::value again = all.command("forge", {{"body", text_at(told, "body")}});
    CHECK(again.at("status") == 202);
    CHECK(all.reviews_of(id) == 1);
}

TEST_CASE("an automation action decides; an acknowledgement and other words decide nothing") {
    decision_rig all;
    const std::string id = all.announced_request();
    const json::object by_bob{{"user", bob}, {"incident", all.incidents_of(id).at(0).at("id")}};
    CHECK(all.command("acknowledge", by_bob).at("status") == 202);
    CHECK(all.write_note(id, bob, "I would approve this").at("status") == 202);
    CHECK(all.reviews_of(id) == 0);
    json::object act = by_bob;
    act["action"] = "approve";
    CHECK(all.command("action", act).at("status") == 202);
    CHECK(all.request(id).at("state") == "APPROVED");
    CHECK(all.request(id).at("reviews").at(0).at("author") == "bob@example.com");
}

TEST_CASE("requesters, strangers, stakeholders and forged webhooks decide nothing") {
    decision_rig all;
    const std::string id = all.announced_request();
    CHECK(all.write_note(id, alice, "approve").at("status") == 202);
    all.wait_for(id, "the requester is told", [](const json::object& now) {
        return has(json::serialize(now), "own request");
    });
    CHECK(all.write_note(id, "PNOBODY1", "approve").at("status") == 202);
    CHECK(all.write_note(id, "PVIEWER1", "approve").at("status") == 202);
    CHECK(all.write_note(id, "PNOBODY1", "approve", {{"agent", bob}}).at("status") == 202);
    all.hallpass->wait_for_text("PagerDuty's API says that it was somebody else");
    const json::value unsigned_one =
        all.write_note(id, bob, "approve", {{"secret", "not the subscription's"}});
    CHECK(unsigned_one.at("status") == 401);
    CHECK(all.reviews_of(id) == 0);
    CHECK(all.request(id).at("state") == "PENDING");
}

TEST_CASE("a webhook that can't be confirmed yet is delivered again, and then decides once") {
    decision_rig all;
    const std::string id = all.announced_request();
    all.rig.command(
        "/fail", {{"side", "pagerduty"}, {"method", "GET /incidents/{id}"}, {"status", 500}, {"n", 1}}
    );
    const json::value told = all.write_note(id, bob, "approve");
    INFO(json::serialize(told));
    CHECK(told.at("status") == 202);
    CHECK(told.at("attempts").to_number<int>() > 1);
    CHECK(told.at("disabled") == false);
    CHECK(all.reviews_of(id) == 1);
}

TEST_CASE(
    "`hallpass check` finds a read-only key, a user that isn't there and a wrong service, and changes nothing"
) {
    pagerduty_rig all;
    const auto check = [&](const std::string& key, const std::string& email, const std::string& service) {
        all.rig.configure_with(
            "state_dir = \"" + all.rig.state() + "\"\n[teleport]\naddr = \"" +
            all.rig.sandbox.auth_address() + "\"\nidentity = \"" + all.rig.sandbox.identity_file() +
            "\"\n[pagerduty]\napi_key = \"" + key + "\"\nuser_email = \"" + email + "\"\nservice_id = \"" +
            service + "\"\napi_url = \"" + text_at(all.ready, "url") + "\"\n"
        );
        test::process checking(
            {HALLPASS_PROGRAM, "check", "-c", all.rig.config_file()},
            {{"SSL_CERT_FILE", all.rig.sandbox.ca_file()}}
        );
        const int status = checking.wait();
        return std::to_string(status) + ' ' + checking.standard_output();
    };
    const std::string key = text_at(all.ready, "api_key");
    const std::string email = text_at(all.ready, "user_email");
    CHECK(has(
        check(key, email, "database"), "ok    pagerduty: hallpass@example.com (PHALLPA1, admin) for Database"
    ));
    CHECK(has(
        check(text_at(all.ready, "read_only_key"), email, "database"), "the API key must not be read-only"
    ));
    CHECK(has(check(key, "nobody@example.com", "database"), "PagerDuty has no user with the e-mail"));
    CHECK(has(check(key, "vera@example.com", "database"), "has the role read_only_user"));
    CHECK(has(check(key, email, "Nowhere"), "correct pagerduty.service_id"));
    CHECK(has(check("wrong", email, "database"), "put a REST API key with full access into pagerduty.api_key")
    );
    CHECK(all.rig.sandbox.control().get("/pagerduty").at("incidents").as_array().empty());
}

TEST_CASE("an instance that is killed in the middle leaves one incident, which the next one finds and ends") {
    pagerduty_rig all;
    all.rig.command(
        "/delay", {{"side", "pagerduty"}, {"method", "POST /incidents"}, {"ms", 3000}, {"answer", true}}
    );
    const std::string id = all.new_request(notify_database);
    all.wait_for(id, "the incident, whose answer is late");
    all.hallpass->program().send_signal(SIGKILL);
    all.hallpass->program().wait();
    all.rig.command("/faults/clear", {});
    all.hallpass = all.rig.start_watching();
    all.hallpass->wait_for_text("found_after_uncertain_send");
    all.review(id, "bob@example.com", "APPROVED");
    all.wait_for(id, "the end", is_resolved);
    CHECK(all.incidents_of(id).size() == 1);
}
