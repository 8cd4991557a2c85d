// The part of the driver that performs a plan: claim, lanes side by side, record.
#include "workflow/lane_runner.hpp"
#include "workflow/request_driver.hpp"
#include "workflow/task_group.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::workflow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto after_refusal = std::chrono::milliseconds(std::chrono::hours(1));

bool is_refusal(fault_kind kind) {
    switch (kind) {
    case fault_kind::unauthorised:
    case fault_kind::not_found:
    case fault_kind::permanent:
    case fault_kind::unsupported:
    case fault_kind::bug:
        return true;
    case fault_kind::transient:
    case fault_kind::rate_limited:
    case fault_kind::conflict:
    case fault_kind::malformed:
    case fault_kind::cancelled:
        return false;
    }
    return false;
}

} // namespace

asio::awaitable<void> request_driver::perform(access::plan planned) {
    access::claim taken;
    taken.holder = shared_->options.instance;
    taken.until = shared_->time.now() + shared_->options.lease;
    access::ledger next = access::claimed_for(planned, *ledger_, std::move(taken));
    next.last_seen = *newest_;
    result<void> claimed = co_await store_.write(next);
    if (!claimed) {
        if (claimed.error().kind() == fault_kind::not_found && !store_.empty()) {
            data_is_gone();
        } else {
            write_failed(claimed.error());
        }
        co_return;
    }
    auth_wait_ = 0ms;
    std::vector<access::lane_outcome> outcomes = co_await run_lanes(std::move(planned.lanes));
    *ledger_ = std::move(next);
    co_await record_outcomes(std::move(outcomes));
}

// Nothing can be claimed or recorded any more. Messages are made true all the same, because doing that twice
// does no harm.
asio::awaitable<void> request_driver::perform_unrecorded(access::plan planned) {
    for (access::lane& lane : planned.lanes) {
        std::erase_if(lane.steps, [](const access::step& one) {
            return one.kind != access::step_kind::update;
        });
    }
    std::erase_if(planned.lanes, [](const access::lane& lane) { return lane.steps.empty(); });
    if (planned.lanes.empty()) {
        finished_ = !planned.look_again;
        rest_until(planned.look_again);
        co_return;
    }
    std::vector<access::lane_outcome> outcomes = co_await run_lanes(std::move(planned.lanes));
    for (const access::lane_outcome& outcome : outcomes) {
        access::record(outcome, false, *ledger_);
    }
}

asio::awaitable<std::vector<access::lane_outcome>> request_driver::run_lanes(std::vector<access::lane> lanes
) {
    std::vector<access::lane_outcome> outcomes(lanes.size());
    std::vector<asio::awaitable<void>> running;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        access::delivery to = *ledger_->find(lanes[i].to);
        running.push_back(run_lane(*shared_, *newest_, std::move(to), std::move(lanes[i]), outcomes[i]));
    }
    co_await when_all(std::move(running));
    for (const access::lane_outcome& outcome : outcomes) {
        be_patient(outcome);
    }
    co_return outcomes;
}

asio::awaitable<void> request_driver::record_outcomes(std::vector<access::lane_outcome> outcomes) {
    bool overtaken = false;
    while (true) {
        access::ledger next = *ledger_;
        for (const access::lane_outcome& outcome : outcomes) {
            access::record(outcome, overtaken, next);
        }
        if (!overtaken) {
            next.held.reset();
        }
        result<void> written = co_await store_.write(next);
        if (written) {
            *ledger_ = std::move(next);
            auth_wait_ = 0ms;
            co_return;
        }
        if (written.error().kind() == fault_kind::conflict) {
            result<access::ledger> read = co_await store_.read();
            if (read) {
                *ledger_ = std::move(*read);
                overtaken = !ledger_->held || ledger_->held->holder != shared_->options.instance;
                continue;
            }
            auth_failed(read.error());
        } else if (written.error().kind() == fault_kind::not_found) {
            *ledger_ = std::move(next);
            data_is_gone();
            co_return;
        } else {
            write_failed(written.error());
        }
        if (finished_ || stopping_) {
            co_return; // the claim runs out, and whoever takes over looks before sending
        }
        co_await alarm_->wait(pause_);
    }
}

// Teleport drops the plugin data of a deleted request, at once or in time. What we know of it may still be
// acted on.
void request_driver::data_is_gone() {
    data_gone_ = true;
    deleted_ = true;
}

void request_driver::write_failed(const fault& why) {
    if (why.kind() == fault_kind::conflict) {
        // Another instance was faster: see what it did.
        forget_ledger();
        pause_ = shared_->chance.next(5ms, 1ms, 50ms);
    } else if (why.kind() == fault_kind::not_found) {
        shared_->out.debug("request_gone", {{"service", service_name()}, {"request_id", id_}});
        finished_ = true;
    } else {
        auth_failed(why);
    }
}

void request_driver::auth_failed(const fault& why) {
    if (is_refusal(why.kind())) {
        shared_->out.error(
            "auth_refused",
            {{"service", service_name()}, {"request_id", id_}, {"error", why.text()}, {"retry_in_s", "60"}}
        );
        pause_ = 60s;
        return;
    }
    auth_wait_ = shared_->chance.next(auth_wait_, 20ms, 5s);
    pause_ = auth_wait_;
    shared_->out.debug(
        "auth_call_failed", {{"service", service_name()}, {"request_id", id_}, {"error", why.text()}}
    );
}

void request_driver::be_patient(const access::lane_outcome& outcome) {
    if (!outcome.failed) {
        patience_.erase(outcome.to);
        return;
    }
    const fault& why = *outcome.failed;
    access::patience& patience = patience_[outcome.to];
    patience.given_up = is_refusal(why.kind());
    patience.wait = patience.given_up ? after_refusal : shared_->chance.next(patience.wait, 500ms, 60s);
    if (why.retry_after()) {
        patience.wait = std::max(*why.retry_after(), 1ms);
    }
    patience.not_before = shared_->time.now() + patience.wait;
    const access::delivery* to = ledger_->find(outcome.to);
    shared_->out.warning(
        patience.given_up ? "delivery_refused" : "delivery_failed",
        {{"service", service_name()},
         {"request_id", id_},
         {"recipient", to != nullptr ? to->recipient : outcome.to.id},
         {"error", why.text()},
         {"retry_in_ms", std::to_string(patience.wait.count())}}
    );
}

} // namespace hallpass::workflow
