#include "services/pagerduty/review_callbacks.hpp"

#include "base/text.hpp"
#include "services/pagerduty/notes.hpp"
#include "services/pagerduty/signature.hpp"
#include "services/ticket_facts.hpp"

#include <chrono>
#include <utility>

namespace hallpass::services::pagerduty {

using access::decision_outcome;
using access::decision_result;
using boost::asio::awaitable;
using ports::callback_response;

namespace {

// PagerDuty gives 5 s, of which the network takes its part.
constexpr std::chrono::milliseconds longest_answer{4000};
// It delivers for 48 h.
constexpr std::chrono::hours oldest_event{72};
constexpr std::chrono::minutes newest_event{10};
// From an incident to Teleport's record of it, also where an instance died in between.
constexpr std::chrono::minutes until_kept{10};
constexpr std::size_t most_at_once = 100;

callback_response status(int code) {
    callback_response made;
    made.status = code;
    return made;
}

// Nothing was recorded, or nobody knows: PagerDuty's next attempt asks again.
bool is_settled(const decision_outcome& outcome) noexcept {
    return outcome.what != decision_result::unreachable && outcome.what != decision_result::unknown;
}

// A review is told of by its own note, also where the webhook comes again.
bool is_told_already(const decision_outcome& outcome, const access::decision& asked) {
    const bool decided_it = outcome.what == decision_result::already_resolved && !outcome.by.empty() &&
                            outcome.by == outcome.user && outcome.state == access::proposed_by(asked.what);
    return decided_it || access::is_recorded(outcome) || outcome.what == decision_result::already_reviewed;
}

} // namespace

// Shared by a webhook and the work that it waits for: either may end first.
struct review_callbacks::run {
    explicit run(ports::clock& time) : told(time.make_alarm()) {}

    std::unique_ptr<ports::alarm> told;
    bool settled = false;
};

review_callbacks::review_callbacks(
    secret webhook_secret,
    decision_actions actions,
    api& pagerduty,
    directory& people,
    ports::clock& time,
    ports::log& out,
    ports::decision_desk& desk,
    std::size_t capacity
)
    : secret_(std::move(webhook_secret)),
      actions_(std::move(actions)),
      api_(pagerduty),
      directory_(people),
      time_(time),
      out_(out),
      desk_(desk),
      capacity_(capacity) {}

ports::callback_route review_callbacks::route() {
    ports::callback_route made;
    made.path = webhook_path;
    made.answer = [this](ports::callback_request request) { return answer(std::move(request)); };
    return made;
}

awaitable<callback_response> review_callbacks::answer(ports::callback_request request) {
    if (request.body.size() > largest_webhook) {
        out_.debug("callback_refused", {{"service", "pagerduty"}, {"reason", "it is too large"}});
        co_return ports::refused_callback();
    }
    if (const auto why = refuse(request, secret_)) {
        out_.debug("callback_refused", {{"service", "pagerduty"}, {"reason", std::string(*why)}});
        co_return ports::refused_callback();
    }
    const std::optional<webhook_event> event = read_webhook(request.body);
    if (!event || event->kind == hint_kind::none) {
        co_return status(202);
    }
    const instant now = time_.now();
    if (!event->occurred || *event->occurred < now - oldest_event || *event->occurred > now + newest_event) {
        out_.warning(
            "webhook_ignored", {{"service", "pagerduty"},
                                {"event", event->id},
                                {"reason", "it is not of these days; is the machine's clock right?"}}
        );
        co_return status(202);
    }
    if (const auto before = runs_.find(event->id); before != runs_.end()) {
        co_return status(before->second->settled ? 202 : 503);
    }
    if (under_way_ >= most_at_once) {
        co_return status(503);
    }
    const std::shared_ptr<run> mine = begin(*event);
    co_await mine->told->wait(longest_answer);
    co_return status(mine->settled ? 202 : 503);
}

std::shared_ptr<review_callbacks::run> review_callbacks::begin(const webhook_event& event) {
    auto made = std::make_shared<run>(time_);
    runs_.emplace(event.id, made);
    ++under_way_;
    desk_.spawn("pagerduty decision", work_on(made, event));
    return made;
}

awaitable<void> review_callbacks::work_on(std::shared_ptr<run> mine, webhook_event event) {
    const std::string id = event.id;
    const bool settled = co_await settle(std::move(event));
    --under_way_;
    mine->settled = settled;
    if (settled) {
        order_.push_back(id);
        forget_oldest();
    } else {
        runs_.erase(id);
    }
    mine->told->wake();
}

void review_callbacks::forget_oldest() {
    while (order_.size() > capacity_) {
        runs_.erase(order_.front());
        order_.pop_front();
    }
}

awaitable<bool> review_callbacks::settle(webhook_event event) {
    const result<confirmation> confirmed = co_await confirm(api_, directory_, desk_, actions_, event);
    if (confirmed.has_error()) {
        const fault& why = confirmed.error();
        const bool over = why.kind() == fault_kind::not_found || why.kind() == fault_kind::unsupported;
        out_.warning(
            "decision_not_confirmed", {{"service", "pagerduty"},
                                       {"incident", event.incident},
                                       {"account", event.agent},
                                       {"reason", why.text()}}
        );
        co_return over;
    }
    if (const auto* no = std::get_if<not_confirmed>(&*confirmed)) {
        out_.debug(
            "webhook_decides_nothing",
            {{"service", "pagerduty"}, {"incident", event.incident}, {"reason", no->why}}
        );
        const bool may_change = no->not_yet && time_.now() - *event.occurred < until_kept;
        co_return !may_change;
    }
    const access::decision asked = std::get<access::decision>(*confirmed);
    const decision_outcome outcome = co_await desk_.decide(asked);
    if (!is_settled(outcome)) {
        co_return false;
    }
    if (!is_told_already(outcome, asked)) {
        co_await tell(std::move(event), asked, outcome);
    }
    co_return true;
}

awaitable<void>
review_callbacks::tell(webhook_event event, access::decision asked, decision_outcome outcome) {
    const std::string who = asked.person.facts ? one_line(asked.person.facts->email, 120) : asked.person.id;
    const access::delivery_key key(asked.request_id, "answer-" + event.id);
    std::string words =
        "To " + who + ": " + access::words_for(outcome, asked.what, "") + '\n' + mark_text(key);
    const result<std::string> told = co_await add_note(api_, event.incident, std::move(words));
    if (told.has_error()) {
        out_.warning(
            "outcome_not_shown", {{"service", "pagerduty"},
                                  {"request", asked.request_id},
                                  {"outcome", std::string(access::to_string(outcome.what))},
                                  {"reason", told.error().text()}}
        );
    }
}

} // namespace hallpass::services::pagerduty
