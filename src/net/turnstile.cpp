#include "net/turnstile.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace hallpass::net {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

turnstile::turnstile(const asio::any_io_executor& executor)
    : executor_(executor), next_look_(executor, [this] { look(); }) {}

turnstile::~turnstile() = default;

asio::awaitable<pace_verdict> turnstile::pass(pacer::passage& call, pacer::time_point deadline) {
    pacer_.ask(call, clock::now());
    if (call.verdict() != pace_verdict::wait) {
        co_return call.verdict();
    }
    asio::steady_timer woken(executor_, deadline);
    waiting_.emplace(&call, &woken);
    arm();
    const auto [error] = co_await woken.async_wait(asio::as_tuple(asio::use_awaitable));
    waiting_.erase(&call);
    // Our estimate was too good: what is left is the truth at the deadline.
    co_return !error && call.verdict() == pace_verdict::wait ? pace_verdict::too_late : call.verdict();
}

void turnstile::look() {
    if (waiting_.empty()) {
        return;
    }
    for (pacer::passage* call : pacer_.look(clock::now())) {
        if (const auto found = waiting_.find(call); found != waiting_.end()) {
            found->second->cancel();
        }
    }
    arm();
}

void turnstile::close() {
    next_look_.clear();
    for (const auto& [call, woken] : waiting_) {
        woken->cancel();
    }
}

void turnstile::arm() {
    if (const auto due = pacer_.next_look()) {
        next_look_.set(*due);
    }
}

} // namespace hallpass::net
