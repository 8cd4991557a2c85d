#include "bench.hpp"
#include "services/mattermost/account.hpp"

#include <boost/json/object.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using hallpass::services::mattermost::find_account;
using hallpass::services::mattermost::read_facts;
namespace json = boost::json;

namespace {

json::object user(json::object more = {}) {
    json::object made{{"id", bob_id}, {"roles", "system_user"}, {"delete_at", 0}};
    for (const auto& [name, value] : more) {
        made[name] = value;
    }
    return made;
}

access::account_facts facts(json::object more = {}, bool is_member = true) {
    const auto read = read_facts(user(std::move(more)), bob_id, is_member);
    REQUIRE(read);
    return *read;
}

} // namespace

TEST_CASE("an ordinary member is active, and neither guest nor bot nor foreign") {
    const auto read = facts();
    CHECK(read.active);
    CHECK_FALSE(read.guest);
    CHECK_FALSE(read.bot);
    CHECK_FALSE(read.foreign);
    CHECK_FALSE(read.email_verified);
}

TEST_CASE("what Mattermost says against an account counts, and what it doesn't say gives no power") {
    CHECK_FALSE(facts({{"delete_at", 17}}).active);
    CHECK_FALSE(facts({{"delete_at", nullptr}}).active);
    CHECK(facts({{"roles", "system_guest"}}).guest);
    CHECK(facts({{"roles", "system_user system_guest"}}).guest);
    CHECK(facts({{"roles", ""}}).guest);
    CHECK(facts({{"is_bot", true}}).bot);
    CHECK(facts({{"is_bot", "no"}}).bot);
    CHECK_FALSE(facts({{"is_bot", false}}).bot);
    CHECK(facts({{"remote_id", "other"}}).foreign);
    CHECK(facts({}, false).foreign);
    CHECK_FALSE(read_facts(user(), alice_id, true).has_value());
}

TEST_CASE("an e-mail is verified where the server says so, or the company's directory has it") {
    CHECK(facts({{"email_verified", true}}).email_verified);
    CHECK(facts({{"auth_service", "ldap"}}).email_verified);
    CHECK_FALSE(facts({{"email_verified", "true"}}).email_verified);
}

TEST_CASE("membership is of the channel's team, and of the channel itself where it has none") {
    struct expected {
        std::string channel, member;
        bool foreign;
        std::string path;
    };

    const std::string of_bob = R"({"user_id":"bobbobbobbobbobbobbobbob01","delete_at":0})";
    const std::string has_left = R"({"user_id":"bobbobbobbobbobbobbobbob01","delete_at":5})";
    const std::string in_team = R"({"team_id":"teamteamteamteamteamteam01"})";
    for (const expected& one : {
             expected{in_team, of_bob, false, "teams/teamteamteamteamteamteam01/members/"},
             expected{in_team, has_left, true, "teams/teamteamteamteamteamteam01/members/"},
             expected{R"({"team_id":""})", of_bob, false, "channels/channelchannelchannelcha01/members/"},
             expected{in_team, "{}", true, "teams/teamteamteamteamteamteam01/members/"},
         }) {
        CAPTURE(one.channel);
        CAPTURE(one.member);
        bench all;
        services::mattermost::api api(all.http, bench::config(std::nullopt));
        all.answer_with(R"({"id":"bobbobbobbobbobbobbobbob01","roles":"system_user","delete_at":0})");
        all.answer_with(one.channel);
        all.answer_with(one.member);
        const auto found = all.run([&]() -> boost::asio::awaitable<result<access::account>> {
            access::account made = co_await find_account(api, all.log, bob_id, channel_id);
            co_return made;
        });
        REQUIRE(found->facts);
        CHECK(found->facts->foreign == one.foreign);
        CHECK(all.http.asked.back().url.ends_with(one.path + bob_id));
    }
}

TEST_CASE("an account that can't be asked for has no facts, and that is logged") {
    bench all;
    services::mattermost::api api(all.http, bench::config(std::nullopt));
    all.answer_with(R"({"id":"x","message":"no"})", 403);
    const auto found = all.run([&]() -> boost::asio::awaitable<result<access::account>> {
        access::account made = co_await find_account(api, all.log, bob_id, channel_id);
        co_return made;
    });
    CHECK_FALSE(found->facts.has_value());
    CHECK(found->id == bob_id);
    CHECK(all.log.text.find("account_not_looked_up") != std::string::npos);
}
