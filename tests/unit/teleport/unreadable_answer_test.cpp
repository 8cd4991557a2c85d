#include "teleport/authservice.pb.h"
#include "unit/teleport/raw_auth_server.hpp"
#include "unit/teleport/world.hpp"

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>

using namespace hallpass;
using boost::asio::awaitable;
using hallpass::test::pki;
using hallpass::test::raw_answer;
using hallpass::test::raw_auth_server;
using hallpass::test::world;

namespace {

// A length that the message doesn't have.
const std::string junk = "\x0A\x7Fjunk";

std::string pong() {
    proto::PingResponse answer;
    answer.set_clustername("main");
    answer.set_serverversion("17.2.0");
    return answer.SerializeAsString();
}

std::string init() {
    proto::Event first;
    first.set_type(proto::INIT);
    return first.SerializeAsString();
}

std::string pending_request(const std::string& id) {
    types::AccessRequestV3 request;
    request.mutable_metadata()->set_name(id);
    request.mutable_spec()->set_state(types::PENDING);
    return request.SerializeAsString();
}

// A server that answers well, but for what the test changes.
std::map<std::string, raw_answer> good_answers() {
    return {
        {"Ping", {{pong()}}},
        {"WatchEvents", {{init()}, false}},
        {"GetAccessRequestsV2", {{pending_request("r1")}}},
    };
}

std::string unreadable(const std::string& call, const raw_auth_server& auth) {
    return call + ": " + auth.address() +
           " answered, but its answer is no protobuf message hallpass can read; "
           "check that teleport.addr is an Auth Service";
}

std::string probe(const raw_auth_server& auth, const pki& cluster) {
    world here(auth.address(), cluster.identity_text("hallpass"));
    return here.probe();
}

} // namespace

TEST_CASE("a server that answers well in raw bytes is understood") {
    const pki cluster("main");
    const raw_auth_server auth(cluster, good_answers());
    CHECK(probe(auth, cluster).ends_with("1 pending requests"));
}

TEST_CASE("an answer that can't be parsed, or is left out, is not an empty one") {
    const pki cluster("main");
    std::map<std::string, raw_answer> answers = good_answers();
    SUBCASE("junk") {
        answers["Ping"] = {{junk}};
    }
    SUBCASE("left out") {
        answers["Ping"] = {{}};
    }
    const raw_auth_server auth(cluster, answers);
    CHECK(probe(auth, cluster) == unreadable("Ping", auth));
}

TEST_CASE("a change whose answer can't be read may have been carried out") {
    const pki cluster("main");
    std::map<std::string, raw_answer> answers = good_answers();
    answers["UpdatePluginData"] = {{junk}};
    const raw_auth_server auth(cluster, answers);
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    std::optional<result<void>> outcome;
    here.play([&]() -> awaitable<void> {
        co_await here.events.count(2);
        const ports::plugin_data_update update;
        outcome.emplace(co_await here.client->gateway().update_plugin_data(update));
    });
    REQUIRE_FALSE(outcome->has_value());
    CHECK(outcome->error().kind() == fault_kind::malformed);
    CHECK(outcome->error().uncertain());
    CHECK(outcome->error().text() == unreadable("UpdatePluginData", auth));
}

TEST_CASE("an event stream that begins with junk ends with a fault, though the server keeps it open") {
    const pki cluster("main");
    std::map<std::string, raw_answer> answers = good_answers();
    answers["WatchEvents"] = {{junk}, false};
    const raw_auth_server auth(cluster, answers);
    CHECK(probe(auth, cluster) == unreadable("WatchEvents", auth));
}

TEST_CASE("a listing with junk in it fails, whether it is left open or called complete") {
    const pki cluster("main");
    std::map<std::string, raw_answer> answers = good_answers();
    raw_answer& listing = answers["GetAccessRequestsV2"];
    listing = {{pending_request("r1"), junk}};
    SUBCASE("open") {
        listing.ends = false;
    }
    SUBCASE("complete") {
        listing.ends = true;
    }
    const raw_auth_server auth(cluster, answers);
    CHECK(probe(auth, cluster) == unreadable("GetAccessRequestsV2", auth));
}

TEST_CASE("an event that can't be read ends the connection, and the next one lists again") {
    const pki cluster("main");
    std::map<std::string, raw_answer> answers = good_answers();
    answers["WatchEvents"] = {{init(), junk}, false};
    const raw_auth_server auth(cluster, answers);
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    here.play([&]() -> awaitable<void> { co_await here.events.count(4); });
    const std::string reason = unreadable("WatchEvents", auth);
    CHECK(here.out.has("teleport_connection_lost reason=" + reason));
    REQUIRE(here.events.lines.size() >= 4);
    CHECK(here.events.lines[1] == "listed r1");
    CHECK(here.events.lines[3] == "listed r1");
}
