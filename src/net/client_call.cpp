#include "net/client_call.hpp"

#include "base/text.hpp"
#include "net/encode.hpp"
#include "net/rate_notice.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace hallpass::net {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

namespace {

std::string encode(const ports::http_request& request, const url& target, const proxy_settings& proxies) {
    const proxy_server* const proxy = target.tls ? nullptr : proxies.proxy_for(target);
    if (proxy == nullptr) {
        return encode_request(request, target.target, target.authority, "");
    }
    // A proxy is given the whole URL (RFC 9112, 3.2.2).
    const std::string absolute = "http://" + target.authority + target.target;
    return encode_request(request, absolute, target.authority, proxy->authorization.reveal());
}

rate_notice notice_of(const ports::http_response& response) {
    const auto now = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
    return read_rate_notice(response.headers, now);
}

std::string in_seconds(milliseconds wait) {
    return std::to_string((wait.count() + 999) / 1000) + " s";
}

} // namespace

client_core::client_core(asio::any_io_executor executor_, client_options options_, ports::log& out_)
    : executor(std::move(executor_)),
      options(std::move(options_)),
      out(out_),
      dial(executor, options.proxies, options.extra_authorities_pem, options.look_up),
      pool(std::make_shared<connection_pool>(executor, options.max_connections_per_host, options.idle_timeout)
      ),
      turns(executor),
      chance(std::random_device{}()),
      all_ended(executor) {}

client_call::client_call(std::shared_ptr<client_core> core, ports::http_request request, url target)
    : core_(std::move(core)),
      request_(std::move(request)),
      target_(std::move(target)),
      deadline_(clock::now() + request_.deadline),
      host_key_((target_.tls ? "https://" : "http://") + host_and_port(target_.host, target_.port)),
      bytes_(encode(request_, target_, core_->dial.proxies())),
      passage_(core_->turns.pace(), request_.pace_keys, deadline_, clock::now()),
      backoff_(core_->options.first_backoff, core_->options.longest_backoff) {
    ++core_->calls;
}

client_call::~client_call() {
    if (--core_->calls == 0) {
        core_->all_ended.cancel();
    }
}

asio::awaitable<result<ports::http_response>> client_call::run() {
    while (true) {
        const bool turn = co_await await_turn();
        if (!turn && cancelled_) {
            co_return explained(fault(fault_kind::cancelled, "cancelled"), false);
        }
        if (!turn) {
            const auto wait = std::chrono::ceil<milliseconds>(passage_.needed());
            fault refused(
                fault_kind::rate_limited, "asked to go slower: its turn comes in " + in_seconds(wait)
            );
            refused.set_retry_after(wait);
            co_return explained(refused, false);
        }
        const time_point begun = clock::now();
        exchanged outcome = co_await attempt();
        if (held_) {
            held_ = false;
            continue;
        }
        tell_pacer(outcome);
        log_attempt(outcome, begun);
        const bool again = co_await prepare_again(outcome);
        if (!again) {
            co_return conclude(std::move(outcome));
        }
    }
}

asio::awaitable<bool> client_call::await_turn() {
    const pace_verdict verdict = co_await core_->turns.pass(passage_, deadline_);
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    cancelled_ = core_->closed || state.cancelled() != asio::cancellation_type::none;
    co_return verdict == pace_verdict::go && !cancelled_;
}

asio::awaitable<exchanged> client_call::attempt() {
    exchanged outcome;
    while (true) {
        auto place = co_await core_->pool->take(host_key_, deadline_);
        if (!place) {
            outcome.answer = place.error();
            break;
        }
        const bool reused = place->connection() != nullptr;
        outcome = co_await exchange_on(*place);
        const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
        cancelled_ = core_->closed || state.cancelled() != asio::cancellation_type::none;
        if (held_ || cancelled_ || !reused || !was_stale(outcome, request_.repeatable)) {
            break;
        }
    }
    outcome.late = outcome.late || (!outcome.answer && clock::now() >= deadline_);
    co_return outcome;
}

asio::awaitable<exchanged> client_call::exchange_on(connection_pool::lease& place) {
    exchanged outcome;
    if (place.connection() == nullptr) {
        auto stream = co_await core_->dial.dial(target_, deadline_);
        if (!stream) {
            outcome.answer = stream.error();
            co_return outcome;
        }
        place.fill(std::make_unique<client_connection>(core_->executor, std::move(*stream)));
    }
    if (!core_->turns.pace().confirm(passage_, clock::now())) {
        held_ = true;
        co_return outcome;
    }
    const message_limits limits{core_->options.max_header_bytes, request_.max_response_bytes};
    outcome = co_await place.connection()->exchange(bytes_, limits, deadline_);
    co_return outcome;
}

// True where the next attempt may begin; false where this outcome is the last.
asio::awaitable<bool> client_call::prepare_again(const exchanged& outcome) {
    if (cancelled_) {
        co_return false;
    }
    const bool answered = outcome.answer.has_value();
    const rate_notice notice = answered ? notice_of(*outcome.answer) : rate_notice();
    const bool limited = answered && outcome.answer->status == 429;
    if (limited && !request_.pace_keys.empty()) {
        co_return true; // the pacer knows for how long
    }
    if (!limited) {
        ++attempts_;
        if (attempts_ >= core_->options.max_attempts || !is_worth_another_try(outcome, request_.repeatable)) {
            co_return false;
        }
    }
    milliseconds wait = backoff_.next(core_->chance);
    wait = std::max(wait, notice.retry_after.value_or(limited ? milliseconds(1000) : milliseconds(0)));
    if (clock::now() + wait >= deadline_) {
        patience_ = limited ? wait : milliseconds(0);
        co_return false;
    }
    const bool rested = co_await pause(wait);
    co_return rested;
}

asio::awaitable<bool> client_call::pause(milliseconds wait) {
    asio::steady_timer timer(core_->executor, wait);
    const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    cancelled_ = cancelled_ || error || core_->closed;
    co_return !cancelled_;
}

void client_call::tell_pacer(const exchanged& outcome) {
    pacer& pace = core_->turns.pace();
    const auto now = clock::now();
    if (!outcome.answer) {
        pace.failed(passage_);
    } else {
        const rate_notice notice = notice_of(*outcome.answer);
        if (notice.exhausted_for) {
            pace.exhausted(passage_, *notice.exhausted_for, now);
        }
        if (outcome.answer->status == 429) {
            pace.limited(passage_, notice.retry_after, now);
        } else {
            pace.succeeded(passage_, now);
        }
    }
    core_->turns.look();
}

void client_call::log_attempt(const exchanged& outcome, time_point begun) const {
    if (!core_->out.enabled(ports::severity::debug)) {
        return;
    }
    const auto taken = std::chrono::duration_cast<milliseconds>(clock::now() - begun);
    const std::string said =
        outcome.answer ? std::to_string(outcome.answer->status) : std::string(outcome.answer.error().text());
    core_->out.debug(
        "http_call", {{"method", std::string(to_string(request_.method))},
                      {"host", target_.authority},
                      {"path", shown_path()},
                      {outcome.answer ? "status" : "error", said},
                      {"ms", std::to_string(taken.count())},
                      {"attempt", std::to_string(attempts_ + 1)}}
    );
}

std::string client_call::shown_path() const {
    return request_.logged_as.empty() ? std::string(target_.path()) : request_.logged_as;
}

// The fault as our callers see it: led by the call, and of a kind that the port names.
fault client_call::explained(const fault& plain, bool written) const {
    std::string call(to_string(request_.method));
    call.append(target_.tls ? " https://" : " http://").append(target_.authority).append(shown_path());
    const fault_kind kind = plain.kind() == fault_kind::permanent ? fault_kind::transient : plain.kind();
    fault led(kind, call + ": " + one_line(plain.text(), 400));
    led.set_uncertain(written && request_.method != ports::http_method::get);
    if (plain.retry_after()) {
        led.set_retry_after(*plain.retry_after());
    }
    return led;
}

result<ports::http_response> client_call::conclude(exchanged outcome) const {
    if (cancelled_ && !outcome.answer) {
        return explained(fault(fault_kind::cancelled, "cancelled"), outcome.written);
    }
    if (patience_ > milliseconds(0)) {
        fault refused(fault_kind::rate_limited, "status 429, asked to wait " + in_seconds(patience_));
        refused.set_retry_after(patience_);
        return explained(refused, false);
    }
    if (outcome.answer) {
        return std::move(outcome.answer);
    }
    if (outcome.late && outcome.written) {
        const std::string within = std::to_string(request_.deadline.count());
        return explained(fault(fault_kind::transient, "no whole answer within " + within + " ms"), true);
    }
    return explained(outcome.answer.error(), outcome.written);
}

} // namespace hallpass::net
