#include "desk_bench.hpp"

#include "services/discord/signature.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <chrono>

namespace hallpass::test {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

services::discord::discord_config config_for(bool decides) {
    services::discord::discord_config made;
    made.token = secret("the.secret-token");
    made.api_url = "https://discord.example/api/v10/";
    if (decides) {
        made.application_id = application_id;
        made.public_key = *services::discord::read_hex(public_key, services::discord::public_key_bytes);
    }
    return made;
}

} // namespace

desk_bench::desk_bench(bool decides)
    : time(around.context),
      desk(around.context),
      discord(config_for(decides), ports::service_environment{around.http, time, around.log}),
      routes(discord.take_decisions(desk)) {}

ports::callback_response desk_bench::post(ports::callback_request request) {
    const result<ports::callback_response> answered =
        around.run([&]() -> asio::awaitable<result<ports::callback_response>> {
            ports::callback_response made = co_await routes.at(0).answer(std::move(request));
            co_return made;
        });
    return *answered;
}

ports::callback_response desk_bench::post(const json::value& payload) {
    const auto now = std::chrono::floor<std::chrono::seconds>(time.time.time_since_epoch()).count();
    return post(signed_callback(json::serialize(payload), now));
}

json::object desk_bench::answer_to(const json::value& payload) {
    const ports::callback_response answered = post(payload);
    REQUIRE(answered.status == 200);
    CHECK(answered.header("Content-Type") == "application/json");
    return json::parse(answered.body).as_object();
}

void desk_bench::settle() {
    around.context.restart();
    around.context.poll();
}

} // namespace hallpass::test
