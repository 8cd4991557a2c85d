#include "workflow/running_lanes.hpp"

#include "workflow/lane_runner.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace hallpass::workflow {

namespace asio = boost::asio;

struct running_lanes::lane_under_way {
    lane_under_way(admission::pass pass, instant until) : admitted(std::move(pass)) { limits.until = until; }

    admission::pass admitted;
    lane_limits limits;
    access::lane_outcome outcome;
    task_group::canceller cut;
    instant cut_at;
    bool was_cut = false;
    bool ended = false;
    ports::alarm* told = nullptr;
};

namespace {

// What became of a lane that ended without saying so: by an exception, or because it was cut off.
void explain(access::lane_outcome& outcome, bool was_cut, const std::exception* thrown) {
    if (thrown != nullptr && !was_cut) {
        // A mistake of ours costs one attempt, not the hour of a refusal: the next one looks before it sends.
        outcome.failed = fault(fault_kind::transient, std::string("hallpass failed here: ") + thrown->what());
    } else if (thrown != nullptr || (outcome.failed && outcome.failed->kind() == fault_kind::cancelled)) {
        outcome.failed = fault(fault_kind::transient, "no answer in time: the call was ended");
    }
}

} // namespace

running_lanes::~running_lanes() {
    for (const auto& one : lanes_) {
        one->told = nullptr;
    }
}

void running_lanes::start(
    std::shared_ptr<const access::access_request> request,
    access::delivery to,
    access::lane owed,
    admission::pass admitted,
    instant until
) {
    const auto one = std::make_shared<lane_under_way>(std::move(admitted), until);
    one->cut_at = until;
    one->told = ended_;
    one->outcome.to = to.to;
    lanes_.push_back(one);
    const auto at_end = [one] {
        one->ended = true;
        if (one->told != nullptr) {
            one->told->wake();
        }
    };
    one->cut = shared_->tasks->spawn(
        "lane", perform(shared_, one, std::move(request), std::move(to), std::move(owed.steps)), at_end
    );
}

asio::awaitable<void> running_lanes::perform(
    environment* shared,
    std::shared_ptr<lane_under_way> lane,
    std::shared_ptr<const access::access_request> request,
    access::delivery to,
    std::vector<access::step> steps
) {
    try {
        co_await run_lane(
            *shared, std::move(request), std::move(to), std::move(steps), lane->limits, lane->outcome
        );
        explain(lane->outcome, lane->was_cut, nullptr);
    } catch (const std::exception& thrown) {
        explain(lane->outcome, lane->was_cut, &thrown);
    }
    if (lane->outcome.failed) {
        lane->admitted.failed(*lane->outcome.failed);
    } else if (lane->limits.steps_done > 0) {
        lane->admitted.succeeded();
    }
}

void running_lanes::overtaken() {
    for (const auto& one : lanes_) {
        one->outcome.overtaken = true;
    }
}

void running_lanes::break_off() {
    for (const auto& one : lanes_) {
        one->limits.break_off = true;
    }
}

void running_lanes::cut_at(instant deadline) {
    for (const auto& one : lanes_) {
        one->cut_at = std::min(one->cut_at, deadline);
    }
}

void running_lanes::cut_late() {
    const instant now = shared_->time.now();
    const auto lanes = lanes_;
    for (const auto& one : lanes) {
        if (!one->ended && !one->was_cut && one->cut_at <= now) {
            one->was_cut = true;
            one->cut();
        }
    }
}

std::vector<access::lane_outcome> running_lanes::take_ended() {
    std::vector<access::lane_outcome> outcomes;
    std::erase_if(lanes_, [&](const std::shared_ptr<lane_under_way>& one) {
        if (one->ended) {
            outcomes.push_back(std::move(one->outcome));
        }
        return one->ended;
    });
    return outcomes;
}

std::set<access::address> running_lanes::busy() const {
    std::set<access::address> all;
    for (const auto& one : lanes_) {
        all.insert(one->outcome.to);
    }
    return all;
}

std::optional<instant> running_lanes::next_cut() const {
    std::optional<instant> next;
    for (const auto& one : lanes_) {
        if (!one->ended && !one->was_cut) {
            next = next ? std::min(*next, one->cut_at) : one->cut_at;
        }
    }
    return next;
}

} // namespace hallpass::workflow
