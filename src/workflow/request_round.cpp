// The part of the driver that acts on a plan: claim, lanes side by side, record.
#include "workflow/mutation.hpp"
#include "workflow/request_driver.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::workflow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto after_refusal = std::chrono::milliseconds(std::chrono::hours(1));

// Nothing can be claimed or recorded any more. Messages are made true all the same, because doing that twice
// does no harm.
void keep_updates_only(access::plan& planned) {
    for (access::lane& lane : planned.lanes) {
        std::erase_if(lane.steps, [](const access::step& one) {
            return one.kind != access::step_kind::update;
        });
    }
    std::erase_if(planned.lanes, [](const access::lane& lane) { return lane.steps.empty(); });
    planned.settled = planned.lanes.empty() && !planned.look_again;
}

} // namespace

asio::awaitable<void> request_driver::act(access::plan planned) {
    if (data_gone_) {
        unrecorded_.clear();
        keep_updates_only(planned);
    }
    std::vector<admission::pass> passes;
    if (!waits_for_recipients()) {
        passes = admit(planned);
    }
    if (!passes.empty()) {
        co_await claim_and_send(std::move(planned), std::move(passes));
    } else if (must_record(planned)) {
        co_await record_ended(planned.stale_claim);
    } else if (planned.settled && at_rest() && !waits_for_somebody()) {
        // An event that came while we waited for an answer would otherwise be lost with us.
        finished_ = !inbox_ && !recheck_ && (!deleted_ || access::is_resolved(newest_->state));
    } else {
        rest(planned);
    }
}

// Leaves in the plan the lanes that may start now, each with its pass; for the others we wait in line.
std::vector<admission::pass> request_driver::admit(access::plan& planned) {
    std::vector<admission::pass> passes;
    std::vector<access::lane> admitted;
    std::set<access::address> waiting;
    for (access::lane& lane : planned.lanes) {
        if (auto pass = shared_->lanes.enter(lane.to, age_, *alarm_)) {
            passes.push_back(std::move(*pass));
            admitted.push_back(std::move(lane));
        } else {
            waiting.insert(lane.to);
        }
    }
    if (routes_ && routes_->held_back()) {
        waiting.insert(look_ups);
    }
    for (const access::address& to : in_line_) {
        if (!waiting.contains(to)) {
            shared_->lanes.leave(to, age_);
        }
    }
    in_line_ = std::move(waiting);
    planned.lanes = std::move(admitted);
    return passes;
}

void request_driver::leave_lines() {
    for (const access::address& to : in_line_) {
        shared_->lanes.leave(to, age_);
    }
    in_line_.clear();
}

asio::awaitable<void>
request_driver::claim_and_send(access::plan planned, std::vector<admission::pass> passes) {
    access::claim taken;
    taken.holder = shared_->options.instance;
    taken.until = shared_->time.now() + shared_->options.lease - access::max_clock_skew;
    const instant until = taken.until;
    std::vector<access::delivery> before;
    for (const access::lane& lane : planned.lanes) {
        before.push_back(*ledger_->find(lane.to));
    }
    if (!data_gone_ && !mutation::sends_before_claim) {
        access::ledger next = access::claimed_for(planned, std::move(*ledger_), taken);
        const bool claimed = co_await write(std::move(next));
        if (!claimed) {
            co_return;
        }
        claimed_ = true;
        if (inbox_ || stopping_ || (deleted_ && !access::is_resolved(newest_->state))) {
            co_return; // what we were about to say is old
        }
    }
    for (std::size_t i = 0; i < passes.size(); ++i) {
        lanes_.start(newest_, std::move(before[i]), std::move(planned.lanes[i]), std::move(passes[i]), until);
    }
    if (mutation::sends_before_claim) {
        access::ledger next = access::claimed_for(planned, std::move(*ledger_), taken);
        claimed_ = co_await write(std::move(next));
    }
    pause_ = 1h; // a lane that ends wakes us
}

bool request_driver::must_record(const access::plan& planned) const {
    if (data_gone_) {
        return false;
    }
    if (stored_incomplete_ && !ledger_->incomplete && lanes_.empty()) {
        return true;
    }
    if (!unrecorded_.empty()) {
        return lanes_.empty() || unrecorded_since_ + shared_->options.together <= shared_->time.now();
    }
    return lanes_.empty() && (claimed_ || planned.stale_claim);
}

asio::awaitable<void> request_driver::record_ended(bool stale_claim) {
    const auto is_ours = [this] {
        return ledger_->held && ledger_->held->holder == shared_->options.instance;
    };
    const bool kept = access::keeps_claim(*ledger_, shared_->time.now());
    if (lanes_.empty() && (is_ours() || stale_claim) && !kept) {
        ledger_->held.reset();
    }
    const bool released = !is_ours() || (lanes_.empty() && kept);
    const bool written = co_await write(std::move(*ledger_));
    if (written) {
        claimed_ = !released;
    }
}

asio::awaitable<bool> request_driver::write(access::ledger next) {
    ledger_.reset(); // what was taken from it is not what is stored, where this fails
    next.last_seen = *newest_;
    result<void> written = co_await store_.write(next);
    if (written) {
        ledger_ = std::make_unique<access::ledger>(std::move(next));
        stored_incomplete_ = ledger_->incomplete;
        unrecorded_.clear();
        auth_wait_ = 0ms;
        co_return true;
    }
    const fault& why = written.error();
    if (why.kind() == fault_kind::conflict) {
        // Another instance was faster, or our own write's answer was lost: see what is there.
        forget_ledger();
        keep_from_auth(shared_->chance.next(5ms, 1ms, 50ms));
    } else if (why.kind() != fault_kind::not_found) {
        forget_ledger(); // it may have been written all the same
        auth_failed(why);
    } else if (!store_.empty()) {
        data_is_gone(std::move(next));
    } else {
        shared_->out.debug("request_gone", {{"service", service_name()}, {"request_id", id_}});
        finished_ = true;
    }
    co_return false;
}

void request_driver::take_ended() {
    for (access::lane_outcome& outcome : lanes_.take_ended()) {
        be_patient(outcome);
        if (unrecorded_.empty()) {
            unrecorded_since_ = shared_->time.now();
        }
        unrecorded_.push_back(std::move(outcome));
    }
}

// Teleport drops the plugin data of a deleted request in time. What we know of it may still be acted on.
void request_driver::data_is_gone(access::ledger last) {
    data_gone_ = true;
    deleted_ = true;
    claimed_ = false;
    last.held.reset();
    ledger_ = std::make_unique<access::ledger>(std::move(last));
    unrecorded_.clear();
}

void request_driver::auth_failed(const fault& why) {
    leave_lines(); // others must not wait for one that can't go on
    if (is_refusal(why.kind())) {
        shared_->out.error(
            "auth_refused",
            {{"service", service_name()}, {"request_id", id_}, {"error", why.text()}, {"retry_in_s", "60"}}
        );
        keep_from_auth(60s);
        return;
    }
    auth_wait_ = shared_->chance.next(auth_wait_, 20ms, 5s);
    keep_from_auth(auth_wait_);
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
    if (patience.given_up) {
        patience.wait = after_refusal;
    } else {
        // Where the whole service is down, the breaker does the waiting.
        const auto last = shared_->lanes.is_open() ? 0ms : patience.wait;
        patience.wait = shared_->chance.next(last, 500ms, 60s);
    }
    if (why.retry_after()) {
        patience.wait = std::max(*why.retry_after(), 1ms);
    }
    patience.not_before = shared_->time.now() + patience.wait;
    patience.why = why.text();
    const access::delivery* to = ledger_ ? ledger_->find(outcome.to) : nullptr;
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
