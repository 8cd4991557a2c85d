#include "services/discord/gateway_address.hpp"
#include "services/discord/gateway_session.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::discord;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr std::string_view hello = R"({"op":10,"d":{"heartbeat_interval":41250},"s":null,"t":null})";
constexpr std::string_view ack = R"({"op":11})";
constexpr std::string_view ready =
    R"({"op":0,"s":1,"t":"READY","d":{"session_id":"abc","resume_gateway_url":"wss://gateway-a.discord.gg"}})";
constexpr std::string_view resumed = R"({"op":0,"s":3,"t":"RESUMED","d":{}})";
constexpr std::string_view resume_address = "wss://gateway-a.discord.gg/?v=10&encoding=json";

struct bench {
    gateway_session session{secret("the.token"), "https://discord.example/api/v10/", 7};
    instant now{std::chrono::seconds(1'700'000'000)};

    gateway_step take(std::string_view text) { return session.take(text, now); }

    gateway_step tick() {
        now += session.wait(now);
        return session.tick(now);
    }

    void begin_session() {
        session.begin(now);
        take(hello);
        take(ready);
    }

    // A new connection, up to what we say first.
    json::object reconnect() {
        session.begin(now);
        return json::parse(take(hello).send).as_object();
    }
};

bool does_nothing(const gateway_step& step) {
    return step.send.empty() && !step.identified && !step.settled && !step.interaction && !step.leave_with;
}

} // namespace

TEST_CASE("a Hello is answered with an identify that asks for no events, and READY begins the session") {
    bench all;
    all.session.begin(all.now);
    const gateway_step first = all.take(hello);
    CHECK(first.identified);
    CHECK(json::parse(first.send) == json::parse(R"({"op":2,"d":{"token":"the.token","intents":0,
            "properties":{"os":"linux","browser":"hallpass","device":"hallpass"}}})"));
    CHECK(all.session.resume_address().empty());
    CHECK(all.take(ready).settled);
    CHECK(all.session.resume_address() == resume_address);
}

TEST_CASE("a second Hello costs no identify") {
    bench all;
    all.session.begin(all.now);
    CHECK(all.take(hello).identified);
    CHECK(does_nothing(all.take(hello)));
}

TEST_CASE(
    "the first heartbeat comes some time within the interval, the others after it, each with the last event"
) {
    bench all;
    all.session.begin(all.now);
    all.take(hello);
    CHECK(all.session.wait(all.now) < 41250ms);
    CHECK(all.tick().send == R"({"op":1,"d":null})");
    CHECK(all.session.wait(all.now) == 41250ms);
    all.take(ack);
    all.take(ready);
    CHECK(all.tick().send == R"({"op":1,"d":1})");
}

TEST_CASE("different sessions beat at different times") {
    const auto first_wait = [](std::uint_fast32_t seed) {
        gateway_session session(secret("x"), "", seed);
        const instant now{};
        session.begin(now);
        session.take(hello, now);
        return session.wait(now);
    };
    CHECK(first_wait(1) != first_wait(2));
}

TEST_CASE("a heartbeat that nobody answers leaves the connection, not the session") {
    bench all;
    all.begin_session();
    CHECK_FALSE(all.tick().leave_with);
    const gateway_step left = all.tick();
    CHECK(left.leave_with == 4000);
    CHECK(left.send.empty());
    CHECK_FALSE(left.pause);
    all.session.ended(std::nullopt);
    CHECK(
        all.reconnect() ==
        json::parse(R"({"op":6,"d":{"token":"the.token","session_id":"abc","seq":1}})").as_object()
    );
}

TEST_CASE("Discord may ask for a heartbeat, and gets it at once") {
    bench all;
    all.begin_session();
    CHECK(all.take(R"({"op":1,"d":null})").send == R"({"op":1,"d":1})");
    CHECK(all.session.wait(all.now) == 41250ms);
    all.take(ack);
    CHECK_FALSE(all.tick().leave_with);
}

TEST_CASE("who says no Hello, or begins no session, is left") {
    bench all;
    all.session.begin(all.now);
    CHECK(all.session.wait(all.now) == 15s);
    CHECK(all.tick().leave_with == 4000);
    all.session.begin(all.now);
    CHECK(all.take(R"({"op":10,"d":{}})").leave_with == 4000);
    all.session.begin(all.now);
    all.take(hello);
    while (all.now - instant(std::chrono::seconds(1'700'000'000)) < 75s) {
        const gateway_step step = all.tick();
        if (step.leave_with) {
            CHECK(step.why == "Discord doesn't begin the session");
            return;
        }
        all.take(ack);
    }
    FAIL("it waits for ever");
}

TEST_CASE("an event that is an interaction is handed on, and counts for the next resume") {
    bench all;
    all.begin_session();
    const gateway_step step =
        all.take(R"({"op":0,"s":7,"t":"INTERACTION_CREATE","d":{"id":"700000000000000001"}})");
    REQUIRE(step.interaction);
    CHECK(step.interaction->at("id") == "700000000000000001");
    CHECK(does_nothing(all.take(R"({"op":0,"s":8,"t":"GUILD_CREATE","d":{}})")));
    CHECK(all.reconnect().at("d").at("seq") == 8);
}

TEST_CASE("a session goes on after a request to reconnect, and after closes that keep it") {
    for (const int code : {0, 1001, 4000, 4003, 4008}) {
        CAPTURE(code);
        bench all;
        all.begin_session();
        CHECK(all.take(R"({"op":7,"d":null})").leave_with == 4000);
        all.session.ended(code == 0 ? std::nullopt : std::optional(code));
        CHECK(all.session.resume_address() == resume_address);
        CHECK(all.reconnect().at("op") == 6);
        CHECK(all.take(resumed).settled);
    }
}

TEST_CASE("what is over is begun anew") {
    for (const int code : {4004, 4007, 4009, 4014}) {
        CAPTURE(code);
        bench all;
        all.begin_session();
        all.session.ended(code);
        CHECK(all.session.resume_address().empty());
        CHECK(all.reconnect().at("op") == 2);
    }
}

TEST_CASE("a session that isn't valid is resumed where Discord allows it, after a pause") {
    for (const bool resumable : {true, false}) {
        CAPTURE(resumable);
        bench all;
        all.begin_session();
        const gateway_step step = all.take(resumable ? R"({"op":9,"d":true})" : R"({"op":9,"d":false})");
        CHECK(step.leave_with == 4000);
        CHECK(step.pause);
        const json::object next = all.reconnect();
        CHECK(next.at("op") == (resumable ? 6 : 2));
        if (!resumable) {
            CHECK(all.take(R"({"op":1})").send == R"({"op":1,"d":null})");
        }
    }
}

TEST_CASE("a session that can't be reached three times is given up") {
    bench all;
    all.begin_session();
    all.session.missed();
    all.session.missed();
    CHECK_FALSE(all.session.resume_address().empty());
    all.session.begin(all.now);
    all.session.ended(std::nullopt);
    CHECK(all.session.resume_address().empty());
}

TEST_CASE("a session is resumed only at Discord, or where the API is, and only over TLS") {
    const std::string api = "https://discord.example/api/v10/";
    CHECK(gateway_address("wss://gateway.discord.gg", api) == "wss://gateway.discord.gg/?v=10&encoding=json");
    CHECK(
        gateway_address("wss://Gateway-us-east1-b.Discord.GG/?v=9", api) ==
        "wss://Gateway-us-east1-b.Discord.GG/?v=10&encoding=json"
    );
    CHECK(
        gateway_address("wss://discord.example:444/gateway/", api) ==
        "wss://discord.example:444/gateway/?v=10&encoding=json"
    );
    for (const char* bad :
         {"ws://gateway.discord.gg", "https://gateway.discord.gg", "wss://evil.example", "wss://.discord.gg",
          "wss://discord.gg.evil.example", "wss://evildiscord.gg", "wss://a:b@gateway.discord.gg",
          "wss://gateway.discord.gg@evil.example", "wss://", "", "gateway.discord.gg",
          "wss://evil.example/.discord.gg", "wss://evil.example#.discord.gg",
          "wss://evil.example?.discord.gg"}) {
        CAPTURE(bad);
        CHECK_FALSE(gateway_address(bad, api));
    }
    bench all;
    all.session.begin(all.now);
    all.take(hello);
    CHECK(
        all.take(
               R"({"op":0,"s":1,"t":"READY","d":{"session_id":"a","resume_gateway_url":"wss://evil.example"}})"
        )
            .settled
    );
    CHECK(all.session.resume_address().empty());
}

TEST_CASE("what can't be read, or isn't known, changes nothing") {
    bench all;
    all.begin_session();
    for (const char* odd :
         {"", "{", "[]", "null", R"({"op":"0"})", R"({"op":-1})", R"({"op":99,"d":{}})",
          R"({"op":0,"t":"READY"})", R"({"op":0,"s":"5","t":"INTERACTION_CREATE","d":[]})",
          R"({"op":0,"s":-4,"t":7,"d":null})"}) {
        CAPTURE(odd);
        CHECK(does_nothing(all.take(odd)));
    }
    CHECK(does_nothing(all.take(std::string(largest_frame + 1, ' '))));
    CHECK(all.reconnect().at("d").at("seq") == 1);
}

TEST_CASE("closes that Discord would only repeat are known, with what to do") {
    REQUIRE(refusal_of(4004));
    CHECK(refusal_of(4004)->mend.find("discord.token") != std::string_view::npos);
    for (const int code : {4010, 4011, 4012, 4013, 4014}) {
        CHECK(refusal_of(code));
    }
    for (const int code : {1000, 4000, 4003, 4007, 4009}) {
        CHECK_FALSE(refusal_of(code));
    }
}
