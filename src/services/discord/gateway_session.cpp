#include "services/discord/gateway_session.hpp"

#include "services/discord/gateway_address.hpp"
#include "services/json_members.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hallpass::services::discord {

namespace json = boost::json;
using std::chrono::milliseconds;

namespace {

// Any but 1000 and 1001, which would end the session as well.
constexpr int coming_back = 4000;

constexpr milliseconds longest_until_hello{15'000};
constexpr milliseconds longest_until_settled{60'000};
constexpr milliseconds shortest_interval{1'000};
constexpr milliseconds longest_interval{600'000};
constexpr std::size_t longest_session_id = 200;
constexpr int most_misses = 3;

constexpr std::string_view our_mistake = "this is a mistake of hallpass; please report it";
constexpr std::array<gateway_refusal, 6> refusals{{
    {4004, "put the bot's token, as the Developer Portal shows it after Reset Token, into discord.token"},
    {4010, our_mistake},
    {4011, "the bot is in too many servers for one connection; give hallpass an app of its own"},
    {4012, "this hallpass is too old for Discord; install a newer one"},
    {4013, our_mistake},
    {4014, our_mistake},
}};

bool is_over(int code) noexcept {
    return code == 4007 || code == 4009 || refusal_of(code) != nullptr;
}

} // namespace

const gateway_refusal* refusal_of(int code) noexcept {
    const auto* const found =
        std::find_if(refusals.begin(), refusals.end(), [code](const auto& one) { return one.code == code; });
    return found == refusals.end() ? nullptr : found;
}

gateway_session::gateway_session(secret token, std::string api_url, std::uint_fast32_t seed)
    : token_(std::move(token)), api_url_(std::move(api_url)), chance_(seed) {}

void gateway_session::begin(instant now) {
    interval_ = milliseconds(0);
    begun_ = now;
    due_ = now + longest_until_hello;
    unanswered_ = false;
    settled_ = false;
}

milliseconds gateway_session::wait(instant now) const {
    const auto left = std::chrono::ceil<milliseconds>(due_ - now);
    return std::clamp(left, milliseconds(0), interval_.count() > 0 ? interval_ : longest_until_hello);
}

gateway_step gateway_session::leave(std::string_view why, bool pause) const {
    gateway_step step;
    step.leave_with = coming_back;
    step.pause = pause;
    step.why = why;
    return step;
}

gateway_step gateway_session::beat(instant now) {
    gateway_step step;
    step.send = heartbeat_frame(last_);
    unanswered_ = true;
    due_ = now + interval_;
    return step;
}

gateway_step gateway_session::tick(instant now) {
    if (interval_.count() == 0) {
        return leave("Discord doesn't say Hello");
    }
    if (unanswered_) {
        return leave("Discord doesn't answer heartbeats");
    }
    if (!settled_ && now - begun_ >= longest_until_settled) {
        return leave("Discord doesn't begin the session");
    }
    return beat(now);
}

gateway_step gateway_session::take(std::string_view text, instant now) {
    std::optional<gateway_frame> said = read_gateway_frame(text);
    switch (said ? said->op : -1) {
    case gateway_op::hello:
        return greet(*said, now);
    case gateway_op::dispatch:
        return take_event(*std::move(said));
    case gateway_op::heartbeat:
        return interval_.count() > 0 ? beat(now) : gateway_step();
    case gateway_op::heartbeat_ack:
        unanswered_ = false;
        return {};
    case gateway_op::reconnect:
        return leave("Discord asks for a new connection");
    case gateway_op::invalid_session:
        if (!said->data.is_bool() || !said->data.get_bool()) {
            forget();
        }
        return leave("the session is no longer valid", true);
    default:
        // Of the next version, or broken: should more be missing, heartbeats tell.
        return {};
    }
}

gateway_step gateway_session::greet(const gateway_frame& hello, instant now) {
    // A second one would cost an identify.
    if (interval_.count() > 0) {
        return {};
    }
    const json::object* data = hello.data.if_object();
    const json::value* told = data ? data->if_contains("heartbeat_interval") : nullptr;
    const std::int64_t* number = told ? told->if_int64() : nullptr;
    if (number == nullptr || *number <= 0) {
        return leave("Discord's Hello has no heartbeat_interval");
    }
    interval_ = milliseconds(std::clamp(*number, shortest_interval.count(), longest_interval.count()));
    std::uniform_int_distribution<std::int64_t> draw(0, interval_.count());
    due_ = now + milliseconds(draw(chance_));
    gateway_step step;
    if (resume_address_.empty()) {
        forget();
        step.send = identify_frame(token_);
        step.identified = true;
    } else {
        step.send = resume_frame(token_, session_, last_.value_or(0));
    }
    return step;
}

gateway_step gateway_session::take_event(gateway_frame event) {
    if (event.sequence) {
        last_ = event.sequence;
    }
    gateway_step step;
    json::object* data = event.data.if_object();
    if (event.event == "READY" && data != nullptr) {
        keep(*data);
    }
    if (event.event == "READY" || event.event == "RESUMED") {
        step.settled = !std::exchange(settled_, true);
        misses_ = 0;
    }
    if (event.event == "INTERACTION_CREATE" && data != nullptr) {
        step.interaction = std::move(*data);
    }
    return step;
}

void gateway_session::keep(const json::object& ready) {
    const std::string_view id = text_of(ready, "session_id");
    auto address = gateway_address(text_of(ready, "resume_gateway_url"), api_url_);
    // What can't be gone on with is begun anew.
    if (id.empty() || id.size() > longest_session_id || !address) {
        resume_address_.clear();
        return;
    }
    session_ = id;
    resume_address_ = *std::move(address);
}

void gateway_session::ended(std::optional<int> code) {
    if (code && is_over(*code)) {
        forget();
    }
    if (!settled_) {
        missed();
    }
}

void gateway_session::missed() {
    if (++misses_ >= most_misses) {
        forget();
    }
}

void gateway_session::forget() {
    session_.clear();
    resume_address_.clear();
    last_.reset();
    misses_ = 0;
}

} // namespace hallpass::services::discord
