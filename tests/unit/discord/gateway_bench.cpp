#include "gateway_bench.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>

namespace hallpass::test {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::string_view base = "https://discord.example/api/v10/";

services::discord::discord_config by_gateway() {
    services::discord::discord_config made;
    made.token = secret("the.secret-token");
    made.api_url = base;
    made.application_id = application_id;
    made.gateway = true;
    return made;
}

ports::service_environment
with_sockets(service_bench& around, ports::log& log, ports::clock& time, scripted_sockets& sockets) {
    ports::service_environment made{around.http, time, log};
    made.sockets = &sockets;
    return made;
}

} // namespace

gateway_bench::gateway_bench(std::string session_id, std::int64_t remaining)
    : session(std::move(session_id)),
      log(around.log),
      time(around.context),
      desk(around.context),
      sockets(around.context),
      discord(by_gateway(), with_sockets(around, log, time, sockets)) {
    next_address(remaining);
    routes = discord.take_decisions(desk);
    settle();
}

// A stop ends everything, whatever has happened before, and no secret was told.
gateway_bench::~gateway_bench() {
    desk.stop();
    desk.release();
    settle();
    while (time.next()) {
        pass_pause();
    }
    CHECK(desk.running == 0);
    CHECK_FALSE(logged("the.secret-token"));
    CHECK_FALSE(logged(interaction_token));
}

void gateway_bench::settle() {
    around.context.restart();
    around.context.poll();
}

void gateway_bench::next_answer(std::string body, int status) {
    around.http.script.emplace_back(answer(std::move(body), status));
}

void gateway_bench::next_address(std::int64_t remaining) {
    const json::object limit{{"total", 1000}, {"remaining", remaining}, {"reset_after", 7'200'000}};
    next_answer(json::serialize(json::object{
        {"url", "wss://gateway.discord.gg"}, {"session_start_limit", limit}}));
}

std::chrono::milliseconds gateway_bench::pass_pause() {
    const auto pause = time.next();
    REQUIRE(pause);
    time.advance(*pause);
    settle();
    return *pause;
}

void gateway_bench::say(std::string_view frame) {
    line().say(std::string(frame));
    settle();
}

void gateway_bench::hello() {
    say(R"({"op":10,"d":{"heartbeat_interval":41250}})");
}

void gateway_bench::open() {
    hello();
    const json::object ready{{"session_id", session}, {"resume_gateway_url", "wss://gateway-a.discord.gg"}};
    say(json::serialize(json::object{{"op", 0}, {"s", sequence_++}, {"t", "READY"}, {"d", ready}}));
}

void gateway_bench::tell(json::object interaction) {
    say(json::serialize(json::object{
        {"op", 0}, {"s", sequence_++}, {"t", "INTERACTION_CREATE"}, {"d", std::move(interaction)}}));
}

json::object gateway_bench::said() {
    REQUIRE_FALSE(line().sent.empty());
    return json::parse(line().sent.back()).as_object();
}

std::vector<std::string> gateway_bench::calls() const {
    std::vector<std::string> all;
    for (const ports::http_request& request : around.http.asked) {
        const std::string path = request.url.substr(base.size());
        all.push_back(std::string(to_string(request.method)) + ' ' + path);
    }
    return all;
}

std::size_t gateway_bench::count_logged(std::string_view text) const {
    std::size_t count = 0;
    for (auto at = around.log.text.find(text); at != std::string::npos;
         at = around.log.text.find(text, at + text.size())) {
        ++count;
    }
    return count;
}

std::size_t gateway_bench::count_told(std::string_view event) const {
    return static_cast<std::size_t>(std::count(log.told.begin(), log.told.end(), event));
}

} // namespace hallpass::test
