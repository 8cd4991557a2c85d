#include "services/discord/gateway.hpp"

#include "services/discord/gateway_address.hpp"
#include "services/json_members.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::services::discord {

namespace json = boost::json;
using boost::asio::awaitable;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds shortest_backoff{250};
constexpr milliseconds longest_backoff{60'000};
constexpr milliseconds least_between_identifies{5'000};
constexpr milliseconds most_between_identifies{900'000};
// Who begins a session no oftener than this stays far below what a day has.
constexpr milliseconds stable_session{1'800'000};
// A connection that has lived so long is opened again at once.
constexpr milliseconds stable_connection{30'000};
constexpr milliseconds after_refusal{3'600'000};
constexpr milliseconds longest_reset{86'400'000};
// Left for other instances that have read the same number.
constexpr std::int64_t spared_identifies = 10;

std::int64_t number_in(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    const std::int64_t* number = found ? found->if_int64() : nullptr;
    return number ? std::max<std::int64_t>(*number, 0) : 0;
}

} // namespace

awaitable<result<gateway_info>> ask_for_gateway(api& discord, std::string api_url) {
    call asked(ports::http_method::get, "gateway/bot");
    const result<json::object> reply = co_await discord.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    auto address = gateway_address(text_of(*reply, "url"), api_url);
    if (!address) {
        co_return fault(
            fault_kind::transient, "Discord GET gateway/bot: the Gateway it names is not wss://, or not at "
                                   "Discord; is api_url right?"
        );
    }
    const json::object& limit = object_of(*reply, "session_start_limit");
    gateway_info info;
    info.address = *std::move(address);
    info.limit.total = number_in(limit, "total");
    info.limit.remaining = number_in(limit, "remaining");
    info.limit.reset_after =
        milliseconds(std::min<std::int64_t>(number_in(limit, "reset_after"), longest_reset.count()));
    co_return info;
}

gateway::gateway(gateway_surroundings around, secret token, std::uint_fast32_t seed)
    : around_(std::move(around)),
      session_(std::move(token), around_.api_url, seed),
      chance_(seed),
      pause_(around_.time.make_alarm()) {}

awaitable<void> gateway::run() {
    for (;;) {
        const milliseconds pause = co_await connect_once();
        if (pause.count() > 0) {
            co_await pause_->wait(pause);
        }
    }
}

awaitable<result<std::string>> gateway::wait_for_turn() {
    const milliseconds since =
        identified_at_ ? milliseconds(around_.time.now() - *identified_at_) : between_identifies_;
    const milliseconds left = std::clamp(between_identifies_ - since, milliseconds(0), between_identifies_);
    if (left.count() > 0) {
        co_await pause_->wait(left);
    }
    const result<gateway_info> info = co_await ask_for_gateway(around_.discord, around_.api_url);
    if (info.has_error()) {
        co_return info.error();
    }
    if (info->limit.remaining < spared_identifies) {
        fault spent(
            fault_kind::rate_limited,
            "the bot has begun " + std::to_string(info->limit.total - info->limit.remaining) + " of " +
                std::to_string(info->limit.total) + " sessions a day; what else uses its token?"
        );
        spent.set_retry_after(std::max(info->limit.reset_after, least_between_identifies));
        co_return spent;
    }
    co_return info->address;
}

awaitable<milliseconds> gateway::connect_once() {
    settled_at_.reset();
    std::string address = session_.resume_address();
    const bool resumes = !address.empty();
    if (!resumes) {
        result<std::string> found = co_await wait_for_turn();
        if (found.has_error()) {
            co_return after_failure(found.error());
        }
        address = *std::move(found);
    }
    ports::websocket_request request(std::move(address));
    request.max_message_bytes = largest_frame;
    const result<std::unique_ptr<ports::websocket>> opened =
        co_await around_.sockets.open(std::move(request));
    if (opened.has_error()) {
        session_.missed();
        co_return after_trouble(opened.error().in("Discord's Gateway"));
    }
    const milliseconds pause = co_await converse(**opened);
    co_return pause;
}

awaitable<milliseconds> gateway::converse(ports::websocket& with) {
    session_.begin(around_.time.now());
    for (;;) {
        const milliseconds wait = session_.wait(around_.time.now());
        gateway_step step;
        if (wait.count() == 0) {
            step = session_.tick(around_.time.now());
        } else {
            const result<std::optional<std::string>> got = co_await with.receive(wait);
            if (got.has_error()) {
                co_return after_end(got.error(), with.close_code());
            }
            const std::optional<std::string>& text = *got;
            const instant now = around_.time.now();
            step = text ? session_.take(*text, now) : session_.tick(now);
        }
        if (carry_out(step, with)) {
            const int code = step.leave_with.value_or(0);
            co_await with.close(code);
            const fault left(fault_kind::transient, "we left it, because " + std::string(step.why));
            const milliseconds pause = after_end(left, std::nullopt);
            co_return step.pause
                ? std::max(pause, chance_.next(milliseconds(1700), milliseconds(1000), milliseconds(5000)))
                : pause;
        }
    }
}

bool gateway::carry_out(gateway_step& step, ports::websocket& with) {
    if (step.identified) {
        count_identify();
    }
    if (!step.send.empty()) {
        // Where it can't be sent, the next receive() says why.
        (void)with.send(std::move(step.send));
    }
    if (step.settled) {
        settled_at_ = around_.time.now();
        told_.clear();
        around_.out.info("discord_gateway_open");
    }
    if (step.interaction) {
        around_.interactions.take(*std::move(step.interaction));
    }
    return step.leave_with.has_value();
}

void gateway::count_identify() {
    const instant now = around_.time.now();
    if (identified_at_ && now - *identified_at_ > stable_session) {
        between_identifies_ = milliseconds(0);
    }
    identified_at_ = now;
    between_identifies_ =
        chance_.next(between_identifies_, least_between_identifies, most_between_identifies);
}

void gateway::tell_once(ports::severity level, std::string_view event, std::string error, std::string mend) {
    const ports::severity shown = std::exchange(told_, error) == error ? ports::severity::debug : level;
    if (!around_.out.enabled(shown)) {
        return;
    }
    const ports::log_field fields[] = {{"error", std::move(error)}, {"mend", std::move(mend)}};
    around_.out.write(
        shown, event, std::span<const ports::log_field>(fields, fields[1].value.empty() ? 1 : 2)
    );
}

milliseconds gateway::after_failure(const fault& failed) {
    if (failed.kind() == fault_kind::unauthorised) {
        tell_once(ports::severity::error, "discord_gateway_refused", failed.text(), "");
        return after_refusal;
    }
    return after_trouble(failed);
}

milliseconds gateway::after_trouble(const fault& failed) {
    if (failed.kind() != fault_kind::cancelled) {
        tell_once(ports::severity::warning, "discord_gateway_not_open", failed.text(), "");
    }
    const milliseconds pause = next_pause();
    return std::max(pause, failed.retry_after().value_or(pause));
}

milliseconds gateway::after_end(const fault& ended, std::optional<int> code) {
    session_.ended(code);
    if (const gateway_refusal* refusal = code ? refusal_of(*code) : nullptr) {
        tell_once(
            ports::severity::error, "discord_gateway_refused",
            "Discord has closed the Gateway with " + std::to_string(refusal->code), std::string(refusal->mend)
        );
        return after_refusal;
    }
    if (!settled_at_) {
        return after_trouble(ended.in("Discord's Gateway"));
    }
    around_.out.info("discord_gateway_lost", {{"error", ended.text()}});
    if (around_.time.now() - *settled_at_ < stable_connection) {
        return next_pause();
    }
    backoff_ = milliseconds(0);
    return milliseconds(0);
}

milliseconds gateway::next_pause() {
    backoff_ = chance_.next(backoff_, shortest_backoff, longest_backoff);
    return backoff_;
}

} // namespace hallpass::services::discord
