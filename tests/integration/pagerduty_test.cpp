#include "support/eventually.hpp"
#include "ticket_rig.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <csignal>
#include <functional>

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

struct pagerduty_rig : test::ticket_rig {
    explicit pagerduty_rig(const std::string& own_lines = "", const std::string& more = "")
        : ticket_rig("pagerduty") {
        configure(
            "refresh_identity = true\n[pagerduty]\napi_key = \"" + site("api_key") + "\"\nuser_email = \"" +
            site("user_email") + "\"\napi_url = \"" + site("url") + "\"\n" + own_lines + more
        );
        start();
    }

    json::array incidents_of(const std::string& id) const { return tickets("incidents", id); }

    json::value wait_for(
        const std::string& id,
        std::string_view what,
        const std::function<bool(const json::value&)>& condition = [](const json::value&) { return true; }
    ) const {
        return ticket_that(what, "incidents", id, condition);
    }

    json::value
    write_note(const std::string& id, const char* user, const char* content, json::object more = {}) {
        more["user"] = user;
        more["incident"] = incidents_of(id).at(0).at("id");
        more["content"] = content;
        return command("note", more);
    }
};

const json::object notify_database{{"pagerduty_notify_service", {"database"}}};

std::size_t notes_of(const json::value& incident) {
    return incident.at("notes").as_array().size();
}

std::string note_text(const json::value& incident, std::size_t index) {
    return text_at(incident.at("notes").at(index), "content");
}

bool is_resolved(const json::value& incident) {
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
        open_webhooks("/pagerduty", "webhook");
    }

    std::string announced_request() {
        std::string id = new_request();
        wait_until_kept(text_at(wait_for(id, "the incident"), "id"));
        return id;
    }
};

} // namespace

TEST_CASE("upstream's teleport-pagerduty.toml works unchanged, from the request to its end") {
    pagerduty_rig all;
    const std::string id = all.new_request(notify_database);
    const json::value made = all.wait_for(id, "the incident");
    CHECK(text_at(made, "service") == "PSVCDB01");
    CHECK(text_at(made, "status") == "triggered");
    CHECK(has(text_at(made, "title"), "alice@example.com"));
    CHECK(has(text_at(made, "details"), "dba"));
    CHECK(has(text_at(made, "details"), "the nightly job fails"));
    CHECK(has(text_at(made, "details"), id));

    all.review(id, "bob@example.com", "DENIED");
    const json::value ended = all.wait_for(id, "two notes, and resolved", [](const json::value& now) {
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
    const std::string none = all.new_request();
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
    const json::value ended = all.wait_for(id, "the end", is_resolved);
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
    CHECK(
        all.approval_of(on_call) == "alice@example.com is on call in PagerDuty for service Database (level 1)"
    );
    CHECK(all.request(not_on_call).at("state") == "PENDING");
    CHECK(all.request(second_level).at("state") == "PENDING");
}

TEST_CASE("a PagerDuty that can't say who is on call is asked again, and is no answer") {
    pagerduty_rig all;
    all.command("on_call", {{"user", alice}, {"on", true}});
    all.rig.command("/fail", {{"side", "pagerduty"}, {"method", "GET /oncalls"}, {"status", 500}, {"n", 2}});
    const std::string id = all.new_request({{"pagerduty_services", {"Database"}}});
    all.hallpass->wait_for_text("on_call_not_known");
    CHECK(has(all.approval_of(id), "is on call in PagerDuty"));
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
    all.wait_for(id, "the requester is told", [](const json::value& now) {
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
        all.configure(
            "[pagerduty]\napi_key = \"" + key + "\"\nuser_email = \"" + email + "\"\nservice_id = \"" +
            service + "\"\napi_url = \"" + all.site("url") + "\"\n"
        );
        return all.check();
    };
    const std::string key = all.site("api_key");
    const std::string email = all.site("user_email");
    CHECK(has(
        check(key, email, "database"), "ok    pagerduty: hallpass@example.com (PHALLPA1, admin) for Database"
    ));
    CHECK(has(check(all.site("read_only_key"), email, "database"), "the API key must not be read-only"));
    CHECK(has(check(key, "nobody@example.com", "database"), "PagerDuty has no user with the e-mail"));
    CHECK(has(check(key, "vera@example.com", "database"), "has the role read_only_user"));
    CHECK(has(check(key, email, "Nowhere"), "correct pagerduty.service_id"));
    CHECK(has(check("wrong", email, "database"), "put a REST API key with full access into pagerduty.api_key")
    );
    CHECK(all.everything().at("incidents").as_array().empty());
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
    all.start();
    all.hallpass->wait_for_text("found_after_uncertain_send");
    all.review(id, "bob@example.com", "APPROVED");
    all.wait_for(id, "the end", is_resolved);
    CHECK(all.incidents_of(id).size() == 1);
}
