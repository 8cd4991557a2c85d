#include "../services/scripted_desk.hpp"
#include "bench.hpp"
#include "payloads.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::decision_result;
namespace json = boost::json;

namespace {

struct desk_bench : service_bench {
    desk_bench() : short_time(context), desk(context), teams(sample_config(), {http, short_time, log}) {
        desk.outcome.what = decision_result::accepted;
        desk.outcome.state = access::request_state::approved;
        routes = teams.take_decisions(desk);
        http.script.emplace_back(answer(json::serialize(json::object{
            {"issuer", "https://api.botframework.com"},
            {"jwks_uri", "https://botlogin.example/v1/.well-known/keys"}})));
        http.script.emplace_back(answer(json::serialize(json::object{
            {"keys", json::array{microsofts_key().published(json::array{"msteams"})}}})));
    }

    // Graph's word on bob.
    void facts(std::string_view type = "Member", bool enabled = true) {
        http.script.emplace_back(answer(R"({"access_token":"graph","expires_in":3599})"));
        facts_again(type, enabled);
    }

    void facts_again(std::string_view type = "Member", bool enabled = true) {
        http.script.emplace_back(answer(json::serialize(json::object{
            {"id", bob_id},
            {"userPrincipalName", "bob@example.com"},
            {"mail", "anybody@example.com"},
            {"accountEnabled", enabled},
            {"userType", type}})));
    }

    ports::callback_response post(ports::callback_request request) {
        const result<ports::callback_response> answered =
            run([&]() -> boost::asio::awaitable<result<ports::callback_response>> {
                ports::callback_response made = co_await routes.at(0).answer(std::move(request));
                co_return made;
            });
        return *answered;
    }

    ports::callback_response post(const json::object& activity, const test_key& key = microsofts_key()) {
        ports::callback_request request;
        request.headers = {{"Authorization", "Bearer " + key.sign(claims_at(short_time.time))}};
        request.body = json::serialize(activity);
        return post(std::move(request));
    }

    std::string words_of(const ports::callback_response& response) {
        CHECK(response.status == 200);
        const json::value body = json::parse(response.body);
        CHECK(body.at("statusCode") == 200);
        CHECK(body.at("type") == "application/vnd.microsoft.activity.message");
        return std::string(body.at("value").as_string());
    }

    void settle() {
        context.restart();
        context.poll();
    }

    short_clock short_time;
    scripted_desk desk;
    services::msteams::msteams_service teams;
    std::vector<ports::callback_route> routes;
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a press decides in the name of the object id, with the tenant's facts of this moment") {
    desk_bench all;
    all.facts();
    CHECK(all.routes.at(0).path == "/msteams/messages");
    const std::string words = all.words_of(all.post(pressed("hallpass_approve")));
    CHECK(has(words, "approved"));
    REQUIRE(all.desk.decisions.size() == 1);
    const access::decision& asked = all.desk.decisions[0];
    CHECK(asked.person.service == "msteams");
    CHECK(asked.person.id == bob_id);
    CHECK(asked.what == access::verdict::approve);
    CHECK(asked.reason == "seen");
    REQUIRE(asked.person.facts);
    CHECK(asked.person.facts->email == "bob@example.com");
    CHECK(asked.person.facts->email_verified);
    CHECK(asked.person.facts->active);
    CHECK_FALSE(asked.person.facts->guest);
    CHECK_FALSE(asked.person.facts->bot);
    CHECK_FALSE(asked.person.facts->foreign);
}

TEST_CASE("guests and accounts that are switched off are told as such, and unknown facts as none") {
    desk_bench all;
    all.facts("Guest", false);
    all.post(pressed("hallpass_approve"));
    REQUIRE(all.desk.decisions.size() == 1);
    CHECK(all.desk.decisions[0].person.facts->guest);
    CHECK_FALSE(all.desk.decisions[0].person.facts->active);
    json::object second = pressed("hallpass_approve");
    second["id"] = "f:2";
    all.http.script.emplace_back(answer(R"({"error":{"code":"Request_ResourceNotFound"}})", 404));
    all.post(second);
    REQUIRE(all.desk.decisions.size() == 2);
    CHECK_FALSE(all.desk.decisions[1].person.facts);
}

TEST_CASE("somebody of another tenant is foreign, and nobody is asked about them") {
    desk_bench all;
    json::object foreign = pressed("hallpass_approve");
    foreign["channelData"].at("tenant").as_object()["id"] = "7e4a4700-0000-4000-8000-0000000000bb";
    all.post(foreign);
    REQUIRE(all.desk.decisions.size() == 1);
    REQUIRE(all.desk.decisions[0].person.facts);
    CHECK(all.desk.decisions[0].person.facts->foreign);
    CHECK(all.http.asked.size() == 2);
}

TEST_CASE("what can't prove where it comes from gets one and the same answer") {
    desk_bench all;
    const ports::callback_response wanted = ports::refused_callback();
    const auto check = [&](ports::callback_request request) {
        const auto got = all.post(std::move(request));
        CHECK(got.status == wanted.status);
        CHECK(got.body == wanted.body);
        CHECK(got.headers == wanted.headers);
    };
    const std::string good = "Bearer " + microsofts_key().sign(claims_at(all.short_time.time));
    const std::string body = json::serialize(pressed("hallpass_approve"));
    ports::callback_request request;
    request.body = body;
    check(request);
    request.headers = {{"Authorization", "Bearer x.y.z"}};
    check(request);
    request.headers = {{"Authorization", "Bearer " + strangers_key().sign(claims_at(all.short_time.time))}};
    check(request);
    json::object claims = claims_at(all.short_time.time);
    claims["aud"] = "somebody else";
    request.headers = {{"Authorization", "Bearer " + microsofts_key().sign(claims)}};
    check(request);
    request.headers = {{"Authorization", good}};
    request.body = "{";
    check(request);
    request.body = body + std::string(services::msteams::largest_activity, ' ');
    check(request);
    json::object elsewhere = pressed("hallpass_approve");
    elsewhere["serviceUrl"] = "https://evil.example/";
    request.body = json::serialize(elsewhere);
    check(request);
    elsewhere = pressed("hallpass_approve");
    elsewhere["channelId"] = "webchat";
    request.body = json::serialize(elsewhere);
    check(request);
    CHECK(all.desk.decisions.empty());
    CHECK(has(all.log.text, "callback_refused"));
}

TEST_CASE("a forged token costs no look-up where its claims are wrong already") {
    desk_bench all;
    json::object claims = claims_at(all.short_time.time);
    claims["exp"] = 1;
    ports::callback_request request;
    request.headers = {{"Authorization", "Bearer " + strangers_key().sign(claims)}};
    all.post(request);
    CHECK(all.http.asked.empty());
}

TEST_CASE("data that a client has changed decides nothing") {
    desk_bench all;
    json::object changed = pressed("hallpass_approve");
    changed["value"].at("action").at("data").at("hallpass").as_object()["request"] = "another-request";
    CHECK(has(all.words_of(all.post(changed)), "out of date"));
    CHECK(all.desk.decisions.empty());
}

TEST_CASE("a refresh shows the card as it is now, and decides nothing") {
    desk_bench all;
    const auto response = all.post(pressed("hallpass_refresh"));
    const json::value body = json::parse(response.body);
    CHECK(body.at("type") == "application/vnd.microsoft.card.adaptive");
    CHECK(body.at("value").at("type") == "AdaptiveCard");
    CHECK(has(response.body, "Action.Execute"));
    json::object automatic = pressed("hallpass_approve");
    automatic["value"].as_object()["trigger"] = "automatic";
    CHECK(has(all.post(automatic).body, "AdaptiveCard"));
    CHECK(all.desk.decisions.empty());
    all.desk.found = fault(fault_kind::transient, "down");
    CHECK(has(all.post(pressed("hallpass_refresh")).body, "AdaptiveCard")); // many at the same moment
    all.short_time.time += std::chrono::milliseconds(1001);
    CHECK(has(all.post(pressed("hallpass_refresh")).body, "vnd.microsoft.error"));
}

TEST_CASE("a refresh of somebody of another tenant shows nothing") {
    desk_bench all;
    json::object foreign = pressed("hallpass_refresh");
    foreign.erase("channelData");
    CHECK_FALSE(has(all.post(foreign).body, "AdaptiveCard"));
}

TEST_CASE("other activities of a bot are taken note of, and nothing more") {
    desk_bench all;
    const auto response = all.post(json::object{
        {"type", "conversationUpdate"},
        {"channelId", "msteams"},
        {"serviceUrl", "https://smba.trafficmanager.net/emea/"}});
    CHECK(response.status == 200);
    CHECK(response.body.empty());
}

TEST_CASE("the same action sent again gets the same words, and is one decision") {
    desk_bench all;
    all.facts();
    const std::string words = all.words_of(all.post(pressed("hallpass_approve")));
    CHECK(all.words_of(all.post(pressed("hallpass_approve"))) == words);
    CHECK(all.desk.decisions.size() == 1);
    json::object other = pressed("hallpass_deny"); // of the same id
    CHECK(has(all.words_of(all.post(other)), "again"));
    CHECK(all.desk.decisions.size() == 1);
}

TEST_CASE("a reason that the operator asks for is asked for") {
    desk_bench all;
    all.desk.written.reason = access::reason_rule::for_denial;
    json::object without = pressed("hallpass_deny");
    without["value"].at("action").at("data").as_object()["hallpass_reason"] = "  ";
    CHECK(has(all.words_of(all.post(without)), "reason"));
    CHECK(all.desk.decisions.empty());
}

TEST_CASE("a confirmation that the operator asks for is asked for, also where the roles aren't known") {
    desk_bench all;
    all.desk.written.confirm_roles = {"prod-admin"};
    CHECK(has(all.words_of(all.post(pressed("hallpass_approve"))), "confirm"));
    json::object second = pressed("hallpass_approve");
    second["id"] = "f:2";
    all.desk.found = fault(fault_kind::transient, "down");
    all.words_of(all.post(second));
    CHECK(all.desk.decisions.empty());
    json::object confirmed = pressed("hallpass_approve");
    confirmed["id"] = "f:3";
    confirmed["value"].at("action").at("data").as_object()["hallpass_confirm"] = "true";
    all.facts();
    all.words_of(all.post(confirmed));
    CHECK(all.desk.decisions.size() == 1);
}

TEST_CASE("a decision that takes long is answered in time, and its outcome told in the chat with the person"
) {
    desk_bench all;
    all.short_time.is_short = true;
    all.desk.hold();
    CHECK(has(all.words_of(all.post(pressed("hallpass_approve"))), "Working on it"));
    all.facts();
    all.http.script.emplace_back(answer(R"({"value":[{"id":"ca7a1000","displayName":"hallpass"}]})"));
    all.http.script.emplace_back(answer(R"({"value":[{"id":"i"}]})"));
    all.http.script.emplace_back(answer(R"({"id":"19:chat@unq.gbl.spaces"})"));
    all.http.script.emplace_back(answer(R"({"access_token":"bot","expires_in":3599})"));
    all.http.script.emplace_back(answer(R"({"id":"1"})", 201));
    all.desk.release();
    all.settle();
    CHECK(all.desk.running == 0);
    REQUIRE(all.desk.decisions.size() == 1);
    const auto& told = all.http.asked.back();
    CHECK(has(told.url, "19%3Achat%40unq.gbl.spaces/activities"));
    CHECK(has(told.body, "approved"));
    CHECK(all.http.script.empty());
}
