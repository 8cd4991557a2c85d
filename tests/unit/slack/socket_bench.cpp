#include "socket_bench.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace hallpass::test {

namespace json = boost::json;

namespace {

ports::service_environment
with_sockets(service_bench& around, ports::clock& time, scripted_sockets& sockets) {
    ports::service_environment made{around.http, time, around.log};
    made.sockets = &sockets;
    return made;
}

} // namespace

socket_bench::socket_bench(std::size_t addresses)
    : time(around.context),
      desk(around.context),
      sockets(around.context),
      slack(
          services::slack::slack_config{
              secret("xoxb-the-secret"),
              "https://slack.example/api/",
              {},
              secret(),
              secret(std::string(app_token))},
          with_sockets(around, time, sockets)
      ) {
    for (std::size_t i = 0; i < addresses; ++i) {
        next_address();
    }
    routes = slack.take_decisions(desk);
    settle();
}

// A stop ends everything, whatever has happened before.
socket_bench::~socket_bench() {
    desk.stop();
    desk.release();
    settle();
    time.advance(std::chrono::seconds(1));
    settle();
    CHECK(desk.running == 0);
    CHECK_FALSE(logged(app_token));
    CHECK_FALSE(logged("ticket"));
}

void socket_bench::settle() {
    around.context.restart();
    around.context.poll();
}

void socket_bench::next_answer(std::string body) {
    around.http.script.emplace_back(answer(std::move(body)));
}

void socket_bench::next_address() {
    next_answer(R"({"ok":true,"url":"wss://wss.slack.example/link/?ticket=abc"})");
}

void socket_bench::greet(std::string_view app) {
    for (; greeted_ < sockets.lines.size(); ++greeted_) {
        const json::object hello{
            {"type", "hello"}, {"num_connections", 1}, {"connection_info", json::object{{"app_id", app}}}};
        line(greeted_).say(json::serialize(hello));
    }
    settle();
}

void socket_bench::open_all() {
    greet();
    REQUIRE(sockets.lines.size() == 2);
    next_answer(R"({"ok":true,"user_id":"U1","bot_id":"B1","team_id":"T0000OWN1"})");
}

void socket_bench::send(std::size_t index, std::string_view envelope, json::object payload) {
    const json::object whole{
        {"type", "interactive"},
        {"envelope_id", envelope},
        {"accepts_response_payload", true},
        {"payload", std::move(payload)}};
    line(index).say(json::serialize(whole));
    settle();
}

json::object socket_bench::answer_on(std::size_t index) {
    REQUIRE(line(index).sent.size() == 1);
    return json::parse(line(index).sent.front()).as_object();
}

std::vector<std::string> socket_bench::methods() const {
    std::vector<std::string> all;
    for (const ports::http_request& request : around.http.asked) {
        all.push_back(request.url.substr(std::string_view("https://slack.example/api/").size()));
    }
    return all;
}

std::size_t socket_bench::count_logged(std::string_view text) const {
    std::size_t count = 0;
    for (auto at = around.log.text.find(text); at != std::string::npos;
         at = around.log.text.find(text, at + text.size())) {
        ++count;
    }
    return count;
}

} // namespace hallpass::test
