#include "msteams_rig.hpp"
#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <stdexcept>
#include <utility>

using namespace hallpass;
using test::has;
using test::teams_message;
namespace json = boost::json;

namespace {

// hallpass with a public listener, which the simulated Teams calls.
struct decision_rig : test::teams_rig {
    explicit decision_rig(const std::string& review_lines = "") {
        rig.configure_with(
            "state_dir = \"" + rig.state() + "\"\n" + upstreams_file("\"" + text("channel_link") + "\"") +
            "[http]\nlisten_addr = \"127.0.0.1:0\"\ninsecure = true\n[review]\nenabled = true\n"
            "msteams_user_id_trait = \"msteams_user_id\"\n" +
            review_lines
        );
        hallpass = rig.start_watching();
        hallpass->wait_for_event("listening");
        const std::string key = "listening address=";
        const std::string log = hallpass->log();
        const std::size_t begin = log.rfind(key) + key.size();
        const std::string address = log.substr(begin, log.find(' ', begin) - begin);
        rig.command("/msteams/callback", {{"url", "http://" + address + "/msteams/messages"}});
    }

    // The request's id, once its card is there.
    std::string posted_request(std::string_view role = "dba") {
        std::string id = new_request("alice@example.com", role);
        wait_for(text("channel"), "the card", [&](const auto& there) {
            return !there.empty() && has(there.back().card, id);
        });
        return id;
    }

    teams_message card(const std::string& id) const {
        for (const teams_message& one : messages_in(text("channel"))) {
            if (has(one.card, id) && one.below.empty()) {
                return one;
            }
        }
        throw std::runtime_error("there is no card of " + id);
    }

    json::object
    press(const std::string& id, std::string_view user, std::string_view action, json::object more = {}) {
        more["user"] = user;
        more["activity"] = card(id).id;
        more["action"] = action;
        if (!more.contains("values")) {
            more["values"] = json::object{{"reason", "seen, and fine"}};
        }
        return rig.sandbox.control().post("/msteams/click", more).as_object();
    }

    json::value request(const std::string& id) {
        const json::value listed = rig.sandbox.control().get("/requests");
        for (const json::value& one : listed.as_array()) {
            if (one.at("id").as_string() == id) {
                return one;
            }
        }
        throw std::runtime_error("the cluster has no request " + id);
    }

    std::size_t reviews_of(const std::string& id) { return request(id).at("reviews").as_array().size(); }

    std::unique_ptr<test::running_hallpass> hallpass;
};

std::string said(const json::object& pressed) {
    return json::serialize(pressed);
}

} // namespace

TEST_CASE("Teams: a press, a reason, and the review stands in the name of who pressed, once") {
    decision_rig rig;
    const std::string id = rig.posted_request();
    CHECK(has(rig.card(id).card, "Action.Execute"));
    const json::object pressed = rig.press(id, "bob", "approve");
    INFO(said(pressed));
    CHECK(pressed.at("status") == 200);
    CHECK_FALSE(pressed.contains("problem"));
    const json::value after = rig.request(id);
    CHECK(after.at("state") == "APPROVED");
    REQUIRE(rig.reviews_of(id) == 1);
    CHECK(after.at("reviews").at(0).at("author") == "bob@example.com");
    CHECK(after.at("reviews").at(0).at("reason") == "seen, and fine");
    test::eventually("the buttons are gone", [&] { return !has(rig.card(id).card, "Action.Execute"); });
    CHECK(has(rig.card(id).card, "APPROVED"));
    rig.hallpass->wait_for_text(
        "decision service=msteams account=b0b00000-0000-4000-8000-000000000002 user=bob@example.com "
        "request=" +
        id + " verdict=approve outcome=accepted"
    );
}

TEST_CASE("Teams: who requested can't decide, and a denial counts") {
    decision_rig rig;
    const std::string id = rig.posted_request();
    CHECK(has(said(rig.press(id, "alice", "approve")), "own request"));
    CHECK(rig.reviews_of(id) == 0);
    CHECK(rig.press(id, "carol", "deny").at("status") == 200);
    CHECK(rig.request(id).at("state") == "DENIED");
}

TEST_CASE(
    "Teams: accounts that prove nobody have no power: unmapped, a guest, of another tenant, switched off"
) {
    decision_rig rig;
    const std::string id = rig.posted_request();
    rig.rig.command("/msteams/people", {{"user", "carol"}, {"enabled", false}});
    for (const char* user : {"dave", "gina", "erin", "carol"}) {
        CAPTURE(user);
        const json::object pressed = rig.press(id, user, "approve");
        INFO(said(pressed));
        CHECK(pressed.at("status") == 200);
        CHECK(rig.reviews_of(id) == 0);
    }
    CHECK(rig.press(id, "bob", "approve", {{"forge", "tenant"}}).at("status") == 200);
    CHECK(rig.reviews_of(id) == 0);
    CHECK(rig.request(id).at("state") == "PENDING");
}

TEST_CASE("Teams: what Microsoft didn't sign for this bot, for Teams and for now, is refused alike") {
    decision_rig rig;
    const std::string id = rig.posted_request();
    for (const char* how :
         {"signature", "audience", "issuer", "expired", "service_url", "endorsement", "no_token",
          "old_key"}) {
        CAPTURE(how);
        CHECK(rig.press(id, "bob", "approve", {{"forge", how}}).at("status") == 401);
    }
    CHECK(rig.press(id, "bob", "approve", {{"raw", "{\"type\":"}}).at("status") == 401);
    CHECK(rig.reviews_of(id) == 0);
    CHECK(rig.press(id, "bob", "approve").at("status") == 200);
    CHECK(rig.reviews_of(id) == 1);
}

TEST_CASE("Teams: a refresh, and whatever else a client sends by itself, shows the card and decides nothing"
) {
    decision_rig rig;
    const std::string id = rig.posted_request();
    const json::object refreshed = rig.press(id, "bob", "refresh");
    INFO(said(refreshed));
    CHECK(refreshed.at("status") == 200);
    CHECK(has(said(refreshed), "AdaptiveCard"));
    const json::object automatic = rig.press(id, "bob", "approve", {{"trigger", "automatic"}});
    CHECK(has(said(automatic), "AdaptiveCard"));
    CHECK(rig.reviews_of(id) == 0);
}

TEST_CASE("Teams: the same action sent again is answered as before, and one of its id with something else "
          "isn't taken") {
    decision_rig rig;
    const std::string first = rig.posted_request();
    const json::object once = rig.press(first, "bob", "approve", {{"activity_id", "f:1"}});
    CHECK(once.at("status") == 200);
    const std::string second = rig.posted_request();
    const json::object other = rig.press(second, "bob", "approve", {{"activity_id", "f:1"}});
    INFO(said(other));
    CHECK(rig.reviews_of(second) == 0);
    CHECK(rig.reviews_of(first) == 1);
}

TEST_CASE("Teams: a reason and a confirmation that the operator asks for are asked for") {
    decision_rig rig("require_reason = \"deny\"\nconfirm_roles = [\"prod-admin\"]\n");
    const std::string id = rig.posted_request("prod-admin");
    const json::object no_reason = rig.press(id, "bob", "deny", {{"values", json::object{{"reason", "  "}}}});
    CHECK(has(said(no_reason), "reason"));
    const json::object not_confirmed = rig.press(id, "bob", "approve");
    CHECK(has(said(not_confirmed), "confirm"));
    CHECK(rig.reviews_of(id) == 0);
    rig.press(id, "bob", "approve", {{"values", json::object{{"reason", "ok"}, {"confirm", true}}}});
    CHECK(rig.reviews_of(id) == 1);
}

TEST_CASE(
    "Teams: a decision that takes long is answered in time, and its outcome is told in the person's chat"
) {
    decision_rig rig;
    const std::string id = rig.posted_request();
    rig.rig.command("/delay", {{"side", "auth"}, {"method", "SubmitAccessReview"}, {"ms", 5500}});
    const json::object pressed = rig.press(id, "bob", "approve");
    INFO(said(pressed));
    CHECK(pressed.at("status") == 200);
    CHECK(pressed.at("ms").to_number<int>() < 5000);
    CHECK(has(said(pressed), "Working on it"));
    rig.wait_for("bob", "the outcome in bob's chat", [](const auto& there) { return there.size() == 1; });
    CHECK(rig.reviews_of(id) == 1);
}
