// Decisions that come over the simulated Discord's Gateway, without a public listener.
#include "rig.hpp"
#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

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

struct gateway_rig {
    gateway_rig() {
        rig.configure_with(
            "state_dir = \"" + rig.state() + "\"\n[teleport]\naddr = \"" + rig.sandbox.auth_address() +
            "\"\nidentity = \"" + rig.sandbox.identity_file() +
            "\"\n[discord]\ntoken = \"discord-sandbox-token\"\ngateway = true\napplication_id = \"" +
            rig.sandbox.discord_application_id() + "\"\napi_url = \"" + rig.sandbox.discord_url() +
            "\"\n[role_to_recipients]\n\"*\" = [\"" + channel_id +
            "\"]\n[review]\nenabled = true\ndiscord_user_id_trait = \"discord_user_id\"\n"
            "[log]\nseverity = \"debug\"\n"
        );
    }

    std::unique_ptr<test::running_hallpass> start() {
        auto started = rig.start_watching();
        started->wait_for_event("discord_gateway_open");
        return started;
    }

    std::string new_request() {
        const json::object wanted{
            {"user", "alice@example.com"}, {"roles", {"dba"}}, {"reason", "the nightly job fails"}};
        const json::value made = rig.sandbox.control().post("/requests", wanted);
        std::string id(made.at("ids").at(0).as_string());
        test::eventually("the request is posted", [&] {
            return rig.sandbox.discord_posts(channel).size() == 1;
        });
        return id;
    }

    json::value click(const std::string& user, const std::string& action, json::object more = {}) {
        const std::string message = rig.sandbox.discord_posts(channel).at(0).id;
        return rig.sandbox.discord_click(user, channel_id, message, action, std::move(more));
    }

    json::value submit(const json::value& clicked, const std::string& user, json::object more = {}) {
        INFO(json::serialize(clicked));
        REQUIRE(clicked.at("modal").is_object());
        const std::string modal(clicked.at("modal").at("id").as_string());
        return rig.sandbox.discord_submit(modal, user, {{"reason", "seen, and fine"}}, std::move(more));
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

    json::value gateway() { return rig.sandbox.control().get("/discord/gateway"); }

    void do_to_gateway(json::object what) { rig.command("/discord/gateway", what); }

    test::rig rig;
};

std::string told(const json::value& used) {
    INFO(json::serialize(used));
    REQUIRE(used.at("status") == 200);
    REQUIRE(used.at("answer").is_object());
    CHECK(used.at("answer").at("ephemeral") == true);
    CHECK(used.at("answer").at("thinking") == false);
    return std::string(used.at("answer").at("content").as_string());
}

} // namespace

TEST_CASE("without a port that anybody could reach, a click in Discord, a reason, and the review stands, once"
) {
    gateway_rig rig;
    const auto hallpass = rig.start();
    CHECK(hallpass->count_of("listening") == 0);
    const std::string id = rig.new_request();
    const json::value submitted =
        rig.submit(rig.click(bob, "approve", {{"twice", true}}), bob, {{"twice", true}});
    CHECK(told(submitted) == "Your approval is recorded. The request is approved.");
    CHECK(submitted.at("ms").to_number<int>() < 3000);
    const json::value after = rig.request(id);
    CHECK(after.at("state") == "APPROVED");
    REQUIRE(after.at("reviews").as_array().size() == 1);
    CHECK(after.at("reviews").at(0).at("author") == "bob@example.com");
    CHECK(after.at("reviews").at(0).at("reason") == "seen, and fine");
    CHECK(hallpass->count_of("decision") == 1);
    CHECK_FALSE(has(hallpass->log(), "aW50ZXJhY3Rpb24"));
    CHECK_FALSE(has(hallpass->log(), "discord-sandbox-token"));
    CHECK(rig.gateway().at("identifies") == 1);
}

TEST_CASE("over the Gateway, too, who requested can't decide") {
    gateway_rig rig;
    const auto hallpass = rig.start();
    const std::string id = rig.new_request();
    CHECK(has(told(rig.submit(rig.click(alice, "approve"), alice)), "own request"));
    CHECK(rig.request(id).at("reviews").as_array().empty());
}

TEST_CASE("of two hallpasses that both get a click, one answers and one decides") {
    gateway_rig rig;
    const auto first = rig.start();
    const auto second = rig.start();
    test::eventually("both have a session", [&] {
        return rig.gateway().at("sessions").as_array().size() == 2;
    });
    const std::string id = rig.new_request();
    const json::value submitted = rig.submit(rig.click(bob, "approve"), bob);
    CHECK(told(submitted) == "Your approval is recorded. The request is approved.");
    const json::value after = rig.request(id);
    CHECK(after.at("reviews").as_array().size() == 1);
    CHECK(first->count_of("decision") + second->count_of("decision") == 1);
    // The other one was refused by Discord, of the click and of the form.
    test::eventually("both others are told", [&] {
        return first->count_of("interaction_of_another") + second->count_of("interaction_of_another") == 2;
    });
    CHECK(first->count_of("interaction_not_answered") + second->count_of("interaction_not_answered") == 0);
}

TEST_CASE("a click while the connection is cut is not lost: the session is resumed and brings it") {
    gateway_rig rig;
    const auto hallpass = rig.start();
    const std::string id = rig.new_request();
    const json::value clicked = rig.click(bob, "deny");
    rig.do_to_gateway({{"do", "cut"}});
    CHECK(told(rig.submit(clicked, bob)) == "Your denial is recorded. The request is denied.");
    CHECK(rig.request(id).at("state") == "DENIED");
    CHECK(rig.gateway().at("resumes") == 1);
    CHECK(rig.gateway().at("identifies") == 1);
    rig.do_to_gateway({{"do", "reconnect"}});
    test::eventually("it is resumed once more", [&] { return rig.gateway().at("resumes") == 2; });
    rig.do_to_gateway({{"do", "close"}, {"code", 1001}});
    test::eventually("and again", [&] { return rig.gateway().at("resumes") == 3; });
    CHECK(rig.gateway().at("identifies") == 1);
    CHECK(hallpass->count_of("decision") == 1);
}

TEST_CASE("a session that Discord has forgotten is begun anew") {
    gateway_rig rig;
    const auto hallpass = rig.start();
    rig.do_to_gateway({{"do", "invalid_session"}});
    test::eventually("a new session is there", [&] {
        const json::value now = rig.gateway();
        return now.at("identifies") == 2 && now.at("sessions").as_array().size() == 1;
    });
    const std::string id = rig.new_request();
    CHECK(has(told(rig.submit(rig.click(bob, "approve"), bob)), "is recorded"));
    CHECK(rig.request(id).at("reviews").as_array().size() == 1);
}

TEST_CASE("a token that the Gateway doesn't take is told of once, and not tried again and again") {
    gateway_rig rig;
    const auto hallpass = rig.start();
    rig.do_to_gateway({{"do", "close"}, {"code", 4004}, {"stays", true}});
    hallpass->wait_for_text("discord.token");
    // Posting goes on meanwhile.
    rig.new_request();
    CHECK(hallpass->count_of("discord_gateway_refused") == 1);
    CHECK(rig.gateway().at("identifies") == 1);
    CHECK(rig.gateway().at("connections") == 0);
}

TEST_CASE("heartbeats keep the connection, and where nobody answers them it is opened anew") {
    gateway_rig rig;
    rig.do_to_gateway({{"do", "heartbeat_ms"}, {"ms", 1000}});
    const auto hallpass = rig.start();
    test::eventually("hearts beat", [&] { return rig.gateway().at("heartbeats").to_number<int>() >= 2; });
    CHECK(rig.gateway().at("resumes") == 0);
    rig.do_to_gateway({{"do", "stop_acks"}});
    test::eventually("it is resumed", [&] { return rig.gateway().at("resumes").to_number<int>() >= 1; });
    hallpass->wait_for_text("answer heartbeats");
}
