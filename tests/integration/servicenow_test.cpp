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

struct servicenow_rig : test::ticket_rig {
    servicenow_rig() : ticket_rig("servicenow") {}

    std::string section(const std::string& more = "") const {
        return "[servicenow]\napi_url = \"" + site("url") + "\"\nusername = \"" + site("username") +
               "\"\napi_token = \"" + site("password") + "\"\n" + more;
    }

    void take_decisions() {
        configure(
            section("webhook_secret = \"" + site("webhook_secret") + "\"\n") +
            "[http]\nlisten_addr = \"127.0.0.1:0\"\ninsecure = true\n[review]\nenabled = true\n"
            "servicenow_user_id_trait = \"servicenow_user_id\"\n"
        );
        start();
        open_webhooks("/servicenow");
    }

    json::value incident_that(
        std::string_view what, const std::string& id, const std::function<bool(const json::value&)>& condition
    ) const {
        return ticket_that(what, "incidents", id, condition);
    }

    // Its number, once Teleport's data name it.
    std::string incident_of(const std::string& id) const {
        const json::value made = incident_that("the incident", id, [](const json::value&) { return true; });
        const std::string number(made.at("number").as_string());
        wait_until_kept(number);
        return number;
    }
};

std::size_t notes_of(const json::value& incident) {
    return incident.at("notes").as_array().size();
}

std::string note_text(const json::value& incident, std::size_t index) {
    return std::string(incident.at("notes").at(index).at("text").as_string());
}

bool is_in(const json::value& incident, std::string_view state) {
    return incident.at("state").as_string() == state;
}

} // namespace

TEST_CASE("an incident has a request's whole text, a note for each review, and the end") {
    servicenow_rig rig;
    rig.configure(rig.section());
    rig.start();
    const std::string id = rig.new_request("the database, now");
    const json::value made = rig.incident_that("the incident", id, [](const json::value&) { return true; });
    CHECK(has(made.at("short_description").as_string(), "alice@example.com"));
    const std::string_view text = made.at("description").as_string();
    for (const char* part : {"User: alice@example.com", "dba", "the database, now", "Request: "}) {
        CHECK(has(text, part));
    }
    CHECK(made.at("correlation_id") == json::value(id));
    rig.review(id, "bob@example.com", "DENIED");
    const json::value ended = rig.incident_that("note and close notes", id, [](const json::value& incident) {
        return is_in(incident, "7") && notes_of(incident) == 2;
    });
    CHECK(has(note_text(ended, 1), "bob@example.com"));
    CHECK(has(note_text(ended, 1), "seen and judged"));
    CHECK(has(ended.at("close_notes").as_string(), "DENIED"));
    CHECK(ended.at("close_code") == "Resolved by request");
    CHECK_FALSE(has(rig.hallpass->log(), rig.site("password")));
}

TEST_CASE("an OAuth client will do, and what was lost on the way is there once") {
    servicenow_rig rig;
    rig.configure(
        "[servicenow]\napi_url = \"" + rig.site("url") + "\"\nclient_id = \"" + rig.site("client_id") +
        "\"\nclient_secret = \"" + rig.site("client_secret") + "\"\n"
    );
    rig.start();
    rig.rig.command("/lose", {{"side", "servicenow"}, {"method", "POST incident"}, {"n", 1}});
    const std::string id = rig.new_request();
    rig.hallpass->wait_for_text("found_after_uncertain_send");
    rig.rig.command("/lose", {{"side", "servicenow"}, {"method", "PATCH incident"}, {"n", 1}});
    rig.review(id, "bob@example.com", "APPROVED");
    const json::value ended = rig.incident_that("the end", id, [](const json::value& incident) {
        return is_in(incident, "6") && notes_of(incident) >= 2;
    });
    CHECK(notes_of(ended) == 2);
    CHECK(rig.calls("POST incident") == 1);
}

TEST_CASE("a close code that the instance lacks is found before the first request") {
    servicenow_rig rig;
    rig.configure(rig.section("close_code = \"Solved (Permanently)\"\n"));
    rig.hallpass = rig.rig.start();
    rig.hallpass->wait_for_text("set servicenow.close_code to one of: Resolved by request, Solution provided"
    );
}

TEST_CASE("an approver's approval is a review in their own name") {
    for (const bool silent : {false, true}) {
        CAPTURE(silent); // a lost webhook is made up for by looking
        servicenow_rig rig;
        if (silent) {
            rig.configure(rig.section());
            rig.start();
            const std::string id = rig.new_request();
            rig.command(
                "approve", {{"incident", rig.incident_of(id)}, {"user", "bob@example.com"}, {"silent", true}}
            );
            rig.hallpass.reset();
            rig.take_decisions();
            test::eventually("the approval is found", [&] {
                return rig.request(id).at("state") == "APPROVED";
            });
            continue;
        }
        rig.take_decisions();
        const std::string id = rig.new_request();
        const json::value told =
            rig.command("approve", {{"incident", rig.incident_of(id)}, {"user", "bob@example.com"}});
        CHECK(told.at("status") == 202);
        test::eventually("the request is approved", [&] {
            return rig.request(id).at("state") == "APPROVED";
        });
        REQUIRE(rig.reviews_of(id) == 1);
        CHECK(rig.request(id).at("reviews").at(0).at("author") == "bob@example.com");
        rig.incident_that("the end", id, [](const json::value& incident) { return is_in(incident, "6"); });
    }
}

TEST_CASE("neither the requester, nor somebody unknown, nor somebody in another's name decides") {
    servicenow_rig rig;
    rig.take_decisions();
    const std::string id = rig.new_request();
    const std::string incident = rig.incident_of(id);
    std::size_t notes = 1;
    for (const auto& [user, by] :
         {std::pair("alice@example.com", ""), std::pair("dave", ""), std::pair("bob@example.com", "dave")}) {
        CAPTURE(user);
        rig.command("approve", {{"incident", incident}, {"user", user}, {"by", by}});
        ++notes;
        const json::value after =
            rig.incident_that("the note", id, [&](const json::value& one) { return notes_of(one) == notes; });
        CHECK(has(note_text(after, notes - 1), "not counted"));
    }
    CHECK(rig.request(id).at("state") == "PENDING");
    CHECK(rig.reviews_of(id) == 0);
}

TEST_CASE(
    "a webhook without the secret is refused, and an incident made to name another request decides neither"
) {
    servicenow_rig rig;
    rig.take_decisions();
    const std::string harmless = rig.new_request("harmless");
    const std::string wanted = rig.new_request("wanted");
    const std::string incident = rig.incident_of(harmless);
    rig.incident_of(wanted);
    for (const char* secret : {"", "a guess"}) {
        const json::value refused = rig.command(
            "send", {{"body", R"({"approval":"00000000000000000000000000000001"})"}, {"secret", secret}}
        );
        CHECK(refused.at("status") == 401);
        CHECK(refused.at("body") == "not authorised\n");
    }
    rig.command("correlate", {{"incident", incident}, {"request", wanted}});
    rig.command("approve", {{"incident", incident}, {"user", "bob@example.com"}});
    rig.hallpass->wait_for_text("servicenow_incident_not_announced");
    CHECK(rig.request(wanted).at("state") == "PENDING");
    CHECK(rig.request(harmless).at("state") == "PENDING");
}
