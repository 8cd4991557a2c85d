#include "sandbox/discord_front.hpp"

#include "sandbox/discord_routes.hpp"

#include <boost/json/serialize.hpp>

#include <charconv>
#include <cstdio>
#include <map>
#include <memory>
#include <utility>

namespace hallpass::sandbox {

namespace {

using steady = std::chrono::steady_clock;

constexpr const char* json_type = "application/json";

net::server_response json_response(int status, const boost::json::value& body) {
    return net::server_response(status, boost::json::serialize(body), json_type);
}

std::string seconds_text(double seconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", seconds);
    return text;
}

net::server_response rate_limited(double seconds) {
    net::server_response response = json_response(
        429,
        boost::json::object{
            {"message", "You are being rate limited."}, {"retry_after", seconds}, {"global", false}}
    );
    response.headers.emplace_back("Retry-After", std::to_string(static_cast<long>(seconds) + 1));
    response.headers.emplace_back("X-RateLimit-Scope", "user");
    return response;
}

// What Discord counts a route by: so many calls in each second, told with each answer.
class route_budgets {
public:
    struct state {
        unsigned left = 0;
        double reset_after = 0; // seconds
        bool over = false;
    };

    state take(const std::string& route, steady::time_point now) {
        budget& own = budgets_[route];
        if (now - own.began >= period) {
            own = {now, 0};
        }
        const std::chrono::duration<double> rest = own.began + period - now;
        if (own.taken == calls) {
            return {0, rest.count(), true};
        }
        ++own.taken;
        return {calls - own.taken, rest.count(), false};
    }

    static constexpr unsigned calls = 5;

private:
    static constexpr auto period = std::chrono::seconds(1);

    struct budget {
        steady::time_point began;
        unsigned taken = 0;
    };

    std::map<std::string, budget> budgets_;
};

void add_budget(net::server_response& response, const std::string& route, const route_budgets::state& state) {
    response.headers.emplace_back("X-RateLimit-Bucket", std::to_string(std::hash<std::string>{}(route)));
    response.headers.emplace_back("X-RateLimit-Limit", std::to_string(route_budgets::calls));
    response.headers.emplace_back("X-RateLimit-Remaining", std::to_string(state.left));
    response.headers.emplace_back("X-RateLimit-Reset-After", seconds_text(state.reset_after));
}

// Each interaction by itself: by its id while it wants an answer, and by its token afterwards.
std::string counted_by(const discord_call& call) {
    if (is_callback(call)) {
        return call.path[1];
    }
    const bool by_token = call.path.size() > 2 && call.path[0] == "webhooks";
    return by_token ? call.path[2] : channel_of(call);
}

net::server_response refused(const fault_rule& rule) {
    if (rule.status == 429) {
        return rate_limited(0.7);
    }
    if (rule.code.empty()) {
        const int status = rule.status != 0 ? rule.status : 502;
        return net::server_response(status, "<html><h1>Bad gateway</h1>cloudflare</html>", "text/html");
    }
    std::int64_t code = 0;
    std::from_chars(rule.code.data(), rule.code.data() + rule.code.size(), code);
    const discord_refusal refusal(
        rule.status != 0 ? rule.status : 403, code, "the sandbox was told to refuse"
    );
    return json_response(refusal.status, to_json(refusal));
}

// The Gateway is at this server, as whoever asks has reached it.
discord_outcome<boost::json::value> done_by(
    discord_state& discord, const discord_gateway& gateway, const discord_call& call, const std::string& host
) {
    auto done = answer_discord_call(discord, call);
    if (done && call.method == "GET" && call.path == std::vector<std::string>{"gateway", "bot"}) {
        return boost::json::value(gateway.address(host));
    }
    return done;
}

net::server_response answer_upgrade(discord_gateway& gateway, const net::server_request& request) {
    if (request.header("upgrade").empty()) {
        return net::text_response(426, "a WebSocket is wanted here\n");
    }
    net::server_response response(101);
    response.upgraded = [&gateway,
                         host = std::string(request.header("host"))](std::unique_ptr<ports::websocket> made) {
        gateway.accept(std::move(made), host);
    };
    return response;
}

net::server_response answer(
    discord_state& discord,
    const discord_gateway& gateway,
    const discord_call& call,
    const std::string& host,
    const call_fate& fate
) {
    if (fate.retry_after) {
        return rate_limited(static_cast<double>(fate.retry_after->count()));
    }
    if (fate.refused) {
        return refused(*fate.refused);
    }
    const auto done = done_by(discord, gateway, call, host);
    net::server_response response =
        done ? json_response(200, *done) : json_response(done.error().status, to_json(done.error()));
    if (done && done->is_null()) {
        response = net::server_response(204);
    }
    if (fate.garbage) {
        response.body = "{\"id\":tr\xff<html>";
    }
    response.drop_connection = fate.lose_answer;
    return response;
}

boost::asio::awaitable<net::server_response> handle(
    discord_state& discord,
    discord_gateway& gateway,
    fault_plan& faults,
    waits& delays,
    std::shared_ptr<route_budgets> budgets,
    net::server_request request
) {
    if (request.path == "/gateway" || request.path == "/gateway/") {
        co_return answer_upgrade(gateway, request);
    }
    const std::string host(request.header("host"));
    const discord_call call = to_discord_call(std::move(request));
    const std::string channel = channel_of(call);
    const std::string name = name_of(call);
    const std::string route = name + ' ' + counted_by(call);
    const call_fate fate = faults.begin(name, channel, steady::now());
    co_await delays.wait_for(fate.delay);
    const route_budgets::state budget = budgets->take(route, steady::now());
    net::server_response response =
        budget.over ? rate_limited(budget.reset_after) : answer(discord, gateway, call, host, fate);
    add_budget(response, route, budget);
    co_return response;
}

} // namespace

net::request_handler
make_discord_handler(discord_state& discord, discord_gateway& gateway, fault_plan& faults, waits& delays) {
    const auto budgets = std::make_shared<route_budgets>();
    return [&discord, &gateway, &faults, &delays, budgets](net::server_request request) {
        return handle(discord, gateway, faults, delays, budgets, std::move(request));
    };
}

} // namespace hallpass::sandbox
