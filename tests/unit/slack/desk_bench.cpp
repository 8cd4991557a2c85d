#include "desk_bench.hpp"

#include <boost/json/parse.hpp>
#include <boost/system/system_error.hpp>

namespace hallpass::test {

namespace asio = boost::asio;

desk_bench::desk_bench(std::string secret_text)
    : time(around.context),
      desk(around.context),
      slack(
          services::slack::slack_config{
              secret("xoxb-the-secret"), "https://slack.example/api/", {}, secret(std::move(secret_text))},
          ports::service_environment{around.http, time, around.log}
      ),
      routes(slack.take_decisions(desk)) {
    around.http.script.emplace_back(answer(R"({"ok":true,"user_id":"U1","bot_id":"B1","team_id":"T0000OWN1"})"
    ));
}

ports::callback_response desk_bench::post(ports::callback_request request) {
    const result<ports::callback_response> answered =
        around.run([&]() -> asio::awaitable<result<ports::callback_response>> {
            ports::callback_response made = co_await routes.at(0).answer(std::move(request));
            co_return made;
        });
    return *answered;
}

ports::callback_response desk_bench::post(const boost::json::value& payload) {
    const auto now = std::chrono::floor<std::chrono::seconds>(time.time.time_since_epoch()).count();
    return post(signed_callback(body_of_payload(payload), now));
}

void desk_bench::settle() {
    around.context.restart();
    around.context.poll();
}

boost::json::object desk_bench::body_of(std::size_t call) const {
    return around.body_of(call);
}

std::vector<std::string> desk_bench::methods() const {
    std::vector<std::string> all;
    for (const ports::http_request& request : around.http.asked) {
        all.push_back(request.url.substr(std::string_view("https://slack.example/api/").size()));
    }
    return all;
}

} // namespace hallpass::test
