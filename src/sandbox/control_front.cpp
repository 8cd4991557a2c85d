#include "sandbox/control_front.hpp"

#include "base/text.hpp"
#include "net/unix_call.hpp"
#include "sandbox/control_commands.hpp"
#include "sandbox/discord_commands.hpp"
#include "sandbox/origin_guard.hpp"
#include "sandbox/page.hpp"
#include "sandbox/slack_commands.hpp"
#include "sandbox/state_view.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>
#include <memory>
#include <optional>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto poll_time = 20s;
constexpr int most_instances = 4; // that the page asks
// Many changes that come together are shown at once.
constexpr auto gathering_time = 40ms;

// The page loads nothing from elsewhere, and what a message contains can't run.
constexpr const char* page_policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src "
                                    "'self'; img-src data:; base-uri 'none'; "
                                    "form-action 'none'; frame-ancestors 'none'";

net::server_response json_response(int status, const json::value& body) {
    net::server_response response(status, json::serialize(body), "application/json; charset=utf-8");
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    return response;
}

net::server_response problem(int status, const std::string& text) {
    return json_response(status, json::object{{"error", text}});
}

net::server_response page_part(const page_file& file) {
    net::server_response response(200, std::string(file.content), std::string(file.type));
    response.headers.emplace_back("Content-Security-Policy", page_policy);
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    return response;
}

int status_of(refusal_code code) {
    return code == refusal_code::not_found ? 404 : code == refusal_code::internal ? 500 : 400;
}

std::optional<control_command> read_command(const net::server_request& request) {
    control_command command;
    command.method = request.method;
    for (std::string& part : split(request.path, '/')) {
        if (!part.empty()) {
            command.path.push_back(std::move(part));
        }
    }
    if (!request.body.empty()) {
        boost::system::error_code error;
        json::value body = json::parse(request.body, error);
        if (error || !body.is_object()) {
            return std::nullopt;
        }
        command.body = std::move(body.get_object());
    }
    return command;
}

net::server_response answer(const outcome<json::value>& ended) {
    return ended ? json_response(200, *ended) : problem(status_of(ended.error().code), ended.error().text);
}

std::uint64_t after_of(const std::string& query) {
    constexpr std::string_view key = "after=";
    std::uint64_t after = 0;
    if (query.starts_with(key)) {
        std::from_chars(query.data() + key.size(), query.data() + query.size(), after);
    }
    return after;
}

boost::asio::awaitable<net::server_response>
show_state(std::shared_ptr<const control_parts> parts, std::uint64_t after) {
    const auto give_up = std::chrono::steady_clock::now() + poll_time;
    const auto left = [give_up] {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            give_up - std::chrono::steady_clock::now()
        );
    };
    bool waited = false;
    while (after != 0 && parts->changes.revision() == after && left().count() > 0 &&
           !parts->pollers.is_closed()) {
        co_await parts->pollers.wait_for(left());
        waited = true;
    }
    if (waited && !parts->pollers.is_closed()) {
        co_await parts->pollers.wait_for(gathering_time);
    }
    co_return json_response(200, view_state(*parts));
}

// What each running hallpass says of itself, as `hallpass status --json` prints it.
boost::asio::awaitable<net::server_response> show_hallpass(std::shared_ptr<const control_parts> parts) {
    const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    json::array all;
    for (int slot = 0; slot < most_instances; ++slot) {
        net::unix_get call;
        call.socket = parts->state_directory + "/instance-" + std::to_string(slot) + ".sock";
        call.target = "/status";
        call.deadline = 2s;
        const result<ports::http_response> answer = co_await net::get_over_unix(executor, call);
        boost::system::error_code error;
        json::value status = answer ? json::parse(answer->body, error) : json::value();
        if (answer && answer->status == 200 && !error) {
            all.push_back(std::move(status));
        }
    }
    co_return json_response(200, all);
}

boost::asio::awaitable<net::server_response>
handle(std::shared_ptr<const control_parts> parts, net::server_request request) {
    if (const auto refused = refuse_foreign(request)) {
        co_return problem(403, *refused);
    }
    if (request.method == "GET") {
        if (const page_file* file = find_page_file(request.path)) {
            co_return page_part(*file);
        }
        if (request.path == "/hallpass") {
            net::server_response status = co_await show_hallpass(parts);
            co_return status;
        }
        if (request.path == "/state") {
            const std::uint64_t after = after_of(request.query);
            net::server_response state = co_await show_state(parts, after);
            co_return state;
        }
    }
    const std::optional<control_command> command = read_command(request);
    if (!command) {
        co_return problem(400, "the body is not a JSON object");
    }
    if (is_slack_use(*command)) {
        const outcome<json::value> ended = co_await run_slack_use(parts, *command);
        co_return answer(ended);
    }
    if (is_discord_use(*command)) {
        const outcome<json::value> ended = co_await run_discord_use(parts, *command);
        co_return answer(ended);
    }
    if (const hosted_party* party = command->path.empty() ? nullptr : parts->parties.find(command->path[0])) {
        control_command own = *command;
        own.path.erase(own.path.begin());
        const outcome<json::value> ended = co_await party->party->command(std::move(own));
        parts->changes.changed();
        co_return answer(ended);
    }
    const outcome<json::value> ended = run_control_command(*parts, *command);
    co_return answer(ended);
}

} // namespace

net::request_handler make_control_handler(std::shared_ptr<const control_parts> parts) {
    return
        [parts = std::move(parts)](net::server_request request) { return handle(parts, std::move(request)); };
}

} // namespace hallpass::sandbox
