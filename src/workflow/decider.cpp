#include "workflow/decider.hpp"

#include "workflow/decision_run.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace hallpass::workflow {

namespace asio = boost::asio;
using access::decision_outcome;
using access::decision_result;

// One decision under way, and who waits for it.
struct decider::click {
    access::decision asked;
    std::optional<decision_outcome> outcome;
    std::set<ports::alarm*> waiting;
};

namespace {

decision_outcome outcome_of(decision_result what, std::string why) {
    decision_outcome made;
    made.what = what;
    made.why = std::move(why);
    return made;
}

bool is_same(const access::decision& one, const access::decision& other) noexcept {
    return one.what == other.what && one.reason == other.reason;
}

} // namespace

decider::decider(decision_environment shared)
    : shared_(std::move(shared)), tasks_(shared_.executor, shared_.out) {}

decider::~decider() = default;

void decider::abort() {
    tasks_.cancel();
}

asio::awaitable<void> decider::join() {
    co_await tasks_.join();
}

asio::awaitable<decision_outcome> decider::decide(access::decision asked) {
    const decision_outcome outcome = co_await answer(asked);
    audit("decision", asked, outcome);
    co_return outcome;
}

asio::awaitable<decision_outcome> decider::answer(access::decision asked) {
    if (!shared_.rules.enabled) {
        co_return outcome_of(decision_result::elsewhere, "review.enabled is false");
    }
    const instant until = shared_.time.now() + shared_.options.deadline;
    const place at{asked.request_id, asked.person.service, asked.person.id};
    while (true) {
        const auto found = running_.find(at);
        const bool first = found == running_.end();
        if (first && stopping_) {
            co_return outcome_of(decision_result::unreachable, "hallpass is stopping");
        }
        if (first && running_.size() >= shared_.options.most_at_once) {
            co_return outcome_of(decision_result::unreachable, "too many decisions at once");
        }
        const std::shared_ptr<click> with = first ? start(at, asked) : found->second;
        const bool mine = first || is_same(with->asked, asked);
        if (!with->outcome) {
            const std::unique_ptr<ports::alarm> alarm = shared_.time.make_alarm();

            struct registration {
                std::shared_ptr<click> place;
                ports::alarm* waiter;

                ~registration() { place->waiting.erase(waiter); }
            } const registered{with, alarm.get()};

            with->waiting.insert(alarm.get());
            const auto left = std::max(until - shared_.time.now(), std::chrono::milliseconds(0));
            co_await alarm->wait(left);
        }
        if (!with->outcome) {
            co_return outcome_of(
                mine ? decision_result::unknown : decision_result::unreachable, "no answer in time"
            );
        }
        if (mine) {
            co_return *with->outcome;
        }
    }
}

std::shared_ptr<decider::click> decider::start(const place& at, access::decision asked) {
    auto made = std::make_shared<click>();
    made->asked = std::move(asked);
    running_.emplace(at, made);
    tasks_.spawn("decide " + made->asked.request_id, perform(made), [this, at, made] { ended(at, made); });
    return made;
}

asio::awaitable<void> decider::perform(std::shared_ptr<click> mine) {
    decision_run one(shared_, mine->asked);
    decision_outcome outcome = co_await one.run();
    mine->outcome = std::move(outcome);
}

void decider::ended(const place& at, const std::shared_ptr<click>& done) {
    running_.erase(at);
    if (!done->outcome) {
        done->outcome = outcome_of(decision_result::unknown, "cut short");
    }
    if (done->waiting.empty()) {
        audit("decision_late", done->asked, *done->outcome);
    }
    for (ports::alarm* waiter : done->waiting) {
        waiter->wake();
    }
}

void decider::audit(std::string_view event, const access::decision& asked, const decision_outcome& outcome) {
    shared_.out.info(
        event, {{"service", asked.person.service},
                {"account", asked.person.id},
                {"user", outcome.user},
                {"request", asked.request_id},
                {"verdict", std::string(access::to_string(asked.what))},
                {"outcome", std::string(access::to_string(outcome.what))},
                {"reason", outcome.why}}
    );
}

} // namespace hallpass::workflow
