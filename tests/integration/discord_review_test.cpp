#include "rig.hpp"
#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

using namespace hallpass;
using test::has;
namespace json = boost::json;

namespace {

constexpr const char* channel = "access-requests";
constexpr const char* channel_id = "1100000000000000001";
constexpr const char* alice = "1200000000000000001"; // who requests
constexpr const char* bob = "1200000000000000002";
constexpr const char* carol = "1200000000000000003";
constexpr const char* dave = "1200000000000000004"; // nobody in Teleport
constexpr const char* robot = "1200000000000000005";

// hallpass with a public listener over TLS, which the simulated Discord calls.
struct decision_rig {
    explicit decision_rig(const std::string& review_lines = "", const std::string& discord_lines = "") {
        rig.configure_with(
            "state_dir = \"" + rig.state() + "\"\n[teleport]\naddr = \"" + rig.sandbox.auth_address() +
            "\"\nidentity = \"" + rig.sandbox.identity_file() +
            "\"\n[discord]\ntoken = \"discord-sandbox-token\"\napplication_id = \"" +
            rig.sandbox.discord_application_id() + "\"\npublic_key = \"" + rig.sandbox.discord_public_key() +
            "\"\napi_url = \"" + rig.sandbox.discord_url() + "\"\n" + discord_lines +
            "[role_to_recipients]\n\"*\" = [\"" + channel_id +
            "\"]\n[http]\nlisten_addr = \"127.0.0.1:0\"\nhttps_cert_file = \"" +
            rig.sandbox.listener_certificate_file() + "\"\nhttps_key_file = \"" +
            rig.sandbox.listener_key_file() +
            "\"\n"
            "[review]\nenabled = true\ndiscord_user_id_trait = \"discord_user_id\"\n" +
            review_lines + "[log]\nseverity = \"debug\"\n"
        );
        hallpass = rig.start_watching();
        hallpass->wait_for_event("listening");
        wait_for_the_next_second();
        const std::string key = "listening address=";
        const std::string log = hallpass->log();
        const std::size_t begin = log.rfind(key) + key.size();
        const std::string address = log.substr(begin, log.find(' ', begin) - begin);
        rig.sandbox.post_discord_clicks_to(
            "https://" + address + "/discord/interactions", rig.sandbox.ca_file()
        );
    }

    // Signatures are timed in seconds, and those of the second in which hallpass was started may be replays.
    static void wait_for_the_next_second() {
        const auto now = [] {
            return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        };
        const auto begun = now();
        test::eventually("the next second has begun", [&] { return now() > begun; });
    }

    std::string new_request() {
        const json::object wanted{
            {"user", "alice@example.com"}, {"roles", {"dba"}}, {"reason", "the nightly job fails"}};
        const json::value made = rig.sandbox.control().post("/requests", wanted);
        std::string id(made.at("ids").at(0).as_string());
        test::eventually("the request is posted", [&] {
            return !rig.sandbox.discord_posts(channel).empty();
        });
        return id;
    }

    test::discord_post card() { return rig.sandbox.discord_posts(channel).at(0); }

    json::value click(const std::string& user, const std::string& action, json::object more = {}) {
        return rig.sandbox.discord_click(user, channel_id, card().id, action, std::move(more));
    }

    json::value
    submit(const json::value& clicked, const std::string& user, json::object values, json::object more = {}) {
        REQUIRE(clicked.at("modal").is_object());
        const std::string modal(clicked.at("modal").at("id").as_string());
        return rig.sandbox.discord_submit(modal, user, std::move(values), std::move(more));
    }

    json::value decide(const std::string& user, const std::string& action) {
        const json::value clicked = click(user, action);
        INFO(json::serialize(clicked));
        REQUIRE(clicked.at("status") == 200);
        return submit(clicked, user, {{"reason", "seen, and fine"}});
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

    bool is_untouched(const std::string& id) {
        const json::value now = request(id);
        return now.at("state") == "PENDING" && now.at("reviews").as_array().empty();
    }

    test::rig rig;
    std::unique_ptr<test::running_hallpass> hallpass;
};

// What the person alone is told, which must not mention anybody.
std::string told(const json::value& used) {
    INFO(json::serialize(used));
    REQUIRE(used.at("status") == 200);
    REQUIRE(used.at("answer").is_object());
    CHECK_FALSE(used.as_object().contains("problem"));
    const json::object& said = used.at("answer").as_object();
    CHECK(said.at("ephemeral") == true);
    CHECK(said.at("allowed_mentions").at("parse").as_array().empty());
    return std::string(said.at("content").as_string());
}

} // namespace

TEST_CASE("a click in Discord, a reason, and the review stands in the name of who clicked, once") {
    decision_rig rig;
    const std::string id = rig.new_request();
    CHECK(rig.card().components.size() == 1);
    const json::value submitted = rig.decide(bob, "approve");
    CHECK(told(submitted) == "Your approval is recorded. The request is approved.");
    CHECK(submitted.at("ms").to_number<int>() < 3000);
    const json::value after = rig.request(id);
    CHECK(after.at("state") == "APPROVED");
    REQUIRE(after.at("reviews").as_array().size() == 1);
    CHECK(after.at("reviews").at(0).at("author") == "bob@example.com");
    CHECK(after.at("reviews").at(0).at("reason") == "seen, and fine");
    test::eventually("the buttons are gone", [&] { return rig.card().components.empty(); });
    CHECK(has(rig.card().content, "APPROVED"));
    rig.hallpass->wait_for_text(
        "decision service=discord account=" + std::string(bob) + " user=bob@example.com request=" + id +
        " verdict=approve outcome=accepted"
    );
}

TEST_CASE("who requested can't decide in Discord, and who is nobody or a bot has no power there") {
    decision_rig rig;
    const std::string id = rig.new_request();
    CHECK(has(told(rig.decide(alice, "approve")), "own request"));
    for (const char* account : {dave, robot}) {
        CAPTURE(account);
        CHECK(has(told(rig.decide(account, "approve")), "not linked to a Teleport user"));
    }
    CHECK(rig.is_untouched(id));
}

TEST_CASE("an interaction that isn't Discord's, is late, came before or is for another app is refused alike"
) {
    decision_rig rig;
    const std::string id = rig.new_request();
    const json::object bad[] = {
        {{"forged", true}}, {{"age_s", 600}}, {{"application_id", "1600000000000000009"}}};
    for (const json::object& more : bad) {
        CAPTURE(json::serialize(more));
        const json::value clicked = rig.click(bob, "approve", more);
        CHECK(clicked.at("status") == 401);
        CHECK(clicked.at("modal").is_null());
    }
    const json::value clicked = rig.click(bob, "approve", {{"twice", true}});
    CHECK(clicked.at("status") == 200);
    CHECK(clicked.at("again") == 401);
    const json::value submitted = rig.submit(clicked, bob, {{"reason", "once"}}, {{"twice", true}});
    CHECK(submitted.at("status") == 200);
    CHECK(submitted.at("again") == 401);
    CHECK(rig.request(id).at("reviews").as_array().size() == 1);
}

TEST_CASE("a denial in Discord without the reason that the operator asks for records nothing") {
    decision_rig rig("require_reason = \"deny\"\n");
    const std::string id = rig.new_request();
    const json::value clicked = rig.click(bob, "deny");
    const json::value without = rig.submit(clicked, bob, {{"reason", "  "}, {"force", true}});
    CHECK(has(told(without), "A reason is required"));
    CHECK(rig.is_untouched(id));
    CHECK(has(told(rig.decide(bob, "deny")), "denial is recorded"));
    CHECK(rig.request(id).at("state") == "DENIED");
}

TEST_CASE("a role to confirm is confirmed in the form") {
    decision_rig rig("confirm_roles = [\"dba\"]\n");
    const std::string id = rig.new_request();
    const json::value clicked = rig.click(bob, "approve");
    CHECK(has(json::serialize(clicked), "This role is sensitive"));
    const json::value without = rig.submit(clicked, bob, {{"reason", ""}, {"force", true}});
    CHECK(has(told(without), "Nothing was recorded"));
    CHECK(rig.is_untouched(id));
    const json::value again = rig.click(bob, "approve");
    CHECK(has(told(rig.submit(again, bob, {{"reason", ""}, {"confirm", true}})), "is recorded"));
}

TEST_CASE("a form that is sent after the request was resolved tells by whom, and so does a click") {
    decision_rig rig;
    const std::string id = rig.new_request();
    const json::value late = rig.click(carol, "deny");
    // A client that shows the buttons of before: the channel is kept from being edited.
    rig.rig.command(
        "/fail", {{"side", "discord"}, {"method", "PATCH messages"}, {"status", 403}, {"n", 100}}
    );
    rig.decide(bob, "approve");
    CHECK(has(told(rig.submit(late, carol, {{"reason", "no"}})), "bob@example.com"));
    CHECK(has(told(rig.click(carol, "deny")), "already been approved by bob@example.com"));
    CHECK(rig.request(id).at("reviews").as_array().size() == 1);
}

TEST_CASE("where Teleport is slow Discord says so at once, and the outcome when it is known") {
    decision_rig rig;
    const std::string id = rig.new_request();
    const json::value clicked = rig.click(bob, "approve");
    rig.rig.command("/delay", {{"side", "auth"}, {"method", "SubmitAccessReview"}, {"ms", 2600}});
    const json::value submitted = rig.submit(clicked, bob, {{"reason", "slowly"}}, {{"wait_ms", 15000}});
    CHECK(submitted.at("ms").to_number<int>() < 3000);
    CHECK(told(submitted) == "Your approval is recorded. The request is approved.");
    const json::value calls = rig.rig.sandbox.control().get("/calls");
    CHECK(calls.as_object().contains("PATCH @original"));
    CHECK(rig.request(id).at("state") == "APPROVED");
    rig.hallpass->wait_for_text("webhooks/" + rig.rig.sandbox.discord_application_id() + "/…");
    CHECK_FALSE(has(rig.hallpass->log(), "aW50ZXJhY3Rpb24"));
}
