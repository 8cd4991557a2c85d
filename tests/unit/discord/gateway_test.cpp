#include "gateway_bench.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("with gateway = true no path is listened at, and the Gateway is asked for and opened") {
    gateway_bench all;
    CHECK(all.routes.empty());
    CHECK(all.desk.running == 1);
    CHECK(all.calls() == texts{"GET gateway/bot"});
    REQUIRE(all.sockets.asked.size() == 1);
    CHECK(all.sockets.asked.front().url == "wss://gateway.discord.gg/?v=10&encoding=json");
    CHECK(all.sockets.asked.front().max_message_bytes == 1024 * 1024);
    all.open();
    CHECK(all.said().at("op") == 2);
    CHECK(all.logged("discord_gateway_open"));
}

TEST_CASE("where no connection can be opened, nothing is decided and there are no buttons") {
    service_bench around;
    scripted_desk desk(around.context);
    services::discord::discord_config config;
    config.application_id = application_id;
    config.gateway = true;
    services::discord::discord_service discord(config, {around.http, around.time, around.log});
    CHECK(discord.take_decisions(desk).empty());
    CHECK(desk.running == 0);
}

TEST_CASE("a check says how many sessions are left, and that Discord calls an endpoint instead") {
    gateway_bench all;
    all.next_answer(R"({"id":"100000000000000001","username":"hallpass"})");
    all.next_answer(
        R"({"id":"500000000000000001","name":"Requests","interactions_endpoint_url":"https://old.example"})"
    );
    all.next_address(987);
    const auto checked = all.around.run([&] { return all.discord.check(); });
    REQUIRE(checked.has_value());
    CHECK(
        *checked == "hallpass (100000000000000001) of the application Requests; the Gateway has 987 of 1000 "
                    "sessions left for today"
    );
    CHECK(all.logged("discord_calls_an_endpoint"));
}

TEST_CASE("heartbeats go out when they are due") {
    gateway_bench all;
    all.open();
    all.time.advance(all.line().waits_for);
    all.line().let_wait_pass();
    all.settle();
    CHECK(all.said() == json::parse(R"({"op":1,"d":1})"));
    CHECK(all.line().waits_for == 41250ms);
    // Nobody answers: the connection is left, and the session goes on.
    all.time.advance(all.line().waits_for);
    all.line().let_wait_pass();
    all.settle();
    CHECK(all.sockets.lines.front()->closed_with == 4000);
    REQUIRE(all.sockets.asked.size() == 2);
    CHECK(all.sockets.asked.back().url == "wss://gateway-a.discord.gg/?v=10&encoding=json");
    all.hello();
    CHECK(
        all.said() == json::parse(R"({"op":6,"d":{"token":"the.secret-token","session_id":"abc","seq":1}})")
    );
}

TEST_CASE("a connection that is lost early is opened again after a pause, which grows") {
    gateway_bench all;
    all.open();
    all.line().end();
    all.settle();
    CHECK(all.pass_pause() == 250ms);
    CHECK(all.sockets.lines.size() == 2);
    all.hello();
    all.say(R"({"op":0,"s":2,"t":"RESUMED","d":{}})");
    all.line().end();
    all.settle();
    const auto second = all.pass_pause();
    CHECK(second >= 250ms);
    CHECK(second <= 750ms);
    CHECK(all.count_logged("discord_gateway_lost") == 2);
    CHECK(all.calls() == texts{"GET gateway/bot"});
}

TEST_CASE("a connection that has lived is opened again at once") {
    gateway_bench all;
    all.open();
    all.time.advance(31s);
    all.line().end(1001);
    all.settle();
    CHECK(all.sockets.lines.size() == 2);
}

TEST_CASE("a new session waits its turn: identifies have a floor, which grows") {
    gateway_bench all;
    all.open();
    all.next_address();
    all.line().end(4009);
    all.settle();
    CHECK(all.pass_pause() == 250ms);
    CHECK(all.pass_pause() == 4750ms);
    CHECK(all.calls().size() == 2);
    CHECK(all.sockets.lines.size() == 2);
    auto last = all.time.now();
    std::chrono::milliseconds longest{0};
    for (int i = 0; i < 40; ++i) {
        all.hello();
        REQUIRE(all.said().at("op") == 2);
        if (i > 0) {
            CHECK(all.time.now() - last >= 5s);
            longest = std::max<std::chrono::milliseconds>(longest, all.time.now() - last);
        }
        last = all.time.now();
        all.next_address();
        all.say(R"({"op":9,"d":false})");
        const std::size_t before = all.sockets.lines.size();
        while (all.sockets.lines.size() == before) {
            all.pass_pause();
        }
    }
    CHECK(longest > 2min);
}

TEST_CASE("where a day's sessions are nearly used up, none is begun before the day is over") {
    gateway_bench all("abc", 9);
    CHECK(all.sockets.asked.empty());
    CHECK(all.logged("the bot has begun 991 of 1000 sessions a day"));
    all.next_address(1000);
    CHECK(all.pass_pause() == 2h);
    CHECK(all.sockets.asked.size() == 1);
}

TEST_CASE("a token that the Gateway doesn't take is told of once, and tried again after an hour") {
    gateway_bench all;
    for (int i = 0; i < 3; ++i) {
        all.hello();
        all.line().end(4004);
        all.settle();
        all.next_address();
        CHECK(all.pass_pause() == 1h);
        CHECK(all.sockets.lines.size() == static_cast<std::size_t>(i) + 2);
    }
    CHECK(all.logged("put the bot's token"));
    CHECK(all.count_logged("discord_gateway_refused") == 3);
    CHECK(all.count_told("discord_gateway_refused") == 1);
}

TEST_CASE("so is one that the API doesn't take") {
    gateway_bench all;
    all.open();
    all.line().end(4009);
    all.settle();
    all.next_answer(R"({"message":"401: Unauthorized","code":0})", 401);
    all.pass_pause();
    all.pass_pause();
    CHECK(all.logged("discord_gateway_refused"));
    all.next_address();
    CHECK(all.pass_pause() == 1h);
    CHECK(all.sockets.lines.size() == 2);
}

TEST_CASE("a Gateway that can't be reached is told of once, and tried again and again") {
    gateway_bench all;
    all.open();
    all.sockets.refuses = true;
    all.line().end();
    all.settle();
    for (int i = 0; i < 3; ++i) {
        all.pass_pause();
    }
    CHECK(all.count_told("discord_gateway_not_open") == 1);
    // By now the session is given up.
    all.sockets.refuses = false;
    all.next_address();
    while (all.sockets.lines.size() == 1) {
        all.pass_pause();
    }
    all.hello();
    CHECK(all.said().at("op") == 2);
}

TEST_CASE("an answer that names another place than Discord for the Gateway is refused") {
    gateway_bench all;
    all.open();
    all.next_answer(R"({"url":"wss://evil.example","session_start_limit":{"total":1000,"remaining":1000}})");
    all.line().end(4007);
    all.settle();
    all.pass_pause();
    all.pass_pause();
    CHECK(all.sockets.asked.size() == 1);
    CHECK(all.logged("the Gateway it names is not wss://"));
}

TEST_CASE("a stop ends the connection wherever it is") {
    SUBCASE("open") {
        gateway_bench all;
        all.open();
    }
    SUBCASE("before Hello") {
        const gateway_bench all;
    }
    SUBCASE("while it waits") {
        gateway_bench all;
        all.hello();
        all.line().end(4004);
        all.settle();
    }
}
