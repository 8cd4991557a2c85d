#include "services/discord/interaction_answers.hpp"

#include "base/text.hpp"
#include "services/discord/review_modal.hpp"
#include "services/json_members.hpp"
#include "services/outcomes.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::services::discord {

namespace json = boost::json;
using access::decision_outcome;
using access::decision_result;
using boost::asio::awaitable;
using std::chrono::milliseconds;

namespace {

// Discord gives 3 s, of which the network takes its part.
constexpr milliseconds longest_answer{2000};
constexpr milliseconds least_wait{100};
// Until Discord has taken our answer there is nothing to change.
constexpr milliseconds until_taken{700};
constexpr int most_tries = 3;

constexpr std::string_view not_ours =
    "hallpass doesn't know this button or form. Look at the request in Teleport instead.";

json::object told(const decision_outcome& outcome, access::verdict what, std::string_view link) {
    return message_answer(access::words_for(outcome, what, link));
}

access::decision decision_by(const form_sent& form) {
    access::decision asked;
    asked.person = form.person;
    asked.request_id = form.about.request_id;
    asked.what = form.about.what;
    asked.reason = form.reason;
    return asked;
}

} // namespace

interaction_answers::interaction_answers(
    std::string application, api& discord, ports::clock& time, ports::log& out, ports::decision_desk& desk
)
    : application_(std::move(application)), discord_(discord), time_(time), out_(out), desk_(desk) {}

bool interaction_answers::is_ours(const json::object& payload, bool is_ping) const {
    // A ping need not say whose it is.
    if (is_for(payload, application_) || (is_ping && !payload.contains("application_id"))) {
        return true;
    }
    out_.warning(
        "callback_refused", {{"reason", "it is for another application than discord.application_id"},
                             {"application", one_line(text_of(payload, "application_id"), 30)}}
    );
    return false;
}

awaitable<std::optional<json::object>> interaction_answers::answer(json::object payload) {
    interaction what = read_interaction(payload);
    const bool is_ping = std::holds_alternative<ping>(what);
    if (!is_ours(payload, is_ping)) {
        co_return std::nullopt;
    }
    const instant until = time_.now() + longest_answer;
    if (is_ping) {
        co_return pong();
    }
    if (auto* click = std::get_if<button_click>(&what)) {
        json::object made = co_await on_click(std::move(*click), until);
        co_return made;
    }
    if (auto* form = std::get_if<form_sent>(&what)) {
        json::object made = co_await on_form(std::move(*form), until);
        co_return made;
    }
    co_return message_answer(not_ours);
}

awaitable<std::optional<first_answer>> interaction_answers::first(json::object payload) {
    if (!is_ours(payload, false)) {
        co_return std::nullopt;
    }
    const instant until = time_.now() + longest_answer;
    interaction what = read_interaction(payload);
    first_answer made;
    if (auto* click = std::get_if<button_click>(&what)) {
        made.said = co_await on_click(std::move(*click), until);
        co_return made;
    }
    if (auto* form = std::get_if<form_sent>(&what)) {
        if (auto why_not = objection(*form)) {
            made.said = *std::move(why_not);
        } else {
            made.said = waiting_answer();
            made.to_decide = std::move(*form);
        }
        co_return made;
    }
    if (!names_ours(payload)) {
        co_return std::nullopt;
    }
    made.said = message_answer(not_ours);
    co_return made;
}

milliseconds interaction_answers::left(instant until) const {
    return std::max(least_wait, until - time_.now());
}

awaitable<json::object> interaction_answers::on_click(button_click click, instant until) {
    const auto run = look_up_request(desk_, time_, "discord look-up", click.request_id);
    co_await run->wait(left(until));
    co_return answer_after(click, *run);
}

json::object interaction_answers::answer_after(const button_click& click, const request_look_up& run) const {
    if (!run.found || run.found->has_error()) {
        return form_for(click, nullptr);
    }
    const std::optional<ports::shown_request>& found = **run.found;
    if (!found) {
        return told(outcome_of(decision_result::expired), click.what, "");
    }
    if (const auto outcome = settled(found->request)) {
        return told(*outcome, click.what, found->card.link);
    }
    return form_for(click, &*found);
}

json::object
interaction_answers::form_for(const button_click& click, const ports::shown_request* found) const {
    const access::review_rules& rules = desk_.rules();
    form_facts facts;
    facts.request_id = click.request_id;
    facts.what = click.what;
    facts.confirm = asks_to_confirm(rules, click.what, found);
    access::card shown;
    shown.request_id = click.request_id;
    if (found) {
        shown = found->card;
    }
    return form_answer(shown, facts, access::needs_reason(rules, click.what));
}

std::optional<json::object> interaction_answers::objection(const form_sent& form) const {
    const access::verdict what = form.about.what;
    if (access::needs_reason(desk_.rules(), what) && form.reason.empty()) {
        return told(outcome_of(decision_result::reason_required), what, "");
    }
    if (form.about.confirm && !form.confirmed) {
        return message_answer(
            "Nothing was recorded: please confirm in the form that you have checked this request."
        );
    }
    return std::nullopt;
}

awaitable<json::object> interaction_answers::on_form(form_sent form, instant until) {
    if (auto why_not = objection(form)) {
        co_return *std::move(why_not);
    }
    const access::verdict what = form.about.what;
    const auto run = std::make_shared<late_answer<decision_outcome>>(time_);
    desk_.spawn("discord decision", decide(run, std::move(form)));
    co_await run->wait(left(until));
    if (run->found) {
        co_return told(*run->found, what, "");
    }
    run->answered = true;
    co_return waiting_answer();
}

awaitable<void>
interaction_answers::decide(std::shared_ptr<late_answer<decision_outcome>> run, form_sent form) {
    access::decision asked = decision_by(form);
    const decision_outcome outcome = co_await desk_.decide(std::move(asked));
    run->give(outcome);
    if (run->answered) {
        co_await show_after(until_taken, std::move(form), outcome);
    }
}

awaitable<void> interaction_answers::decide_answered(form_sent form) {
    access::decision asked = decision_by(form);
    decision_outcome outcome = co_await desk_.decide(std::move(asked));
    co_await show(std::move(form), std::move(outcome));
}

awaitable<void> interaction_answers::show(form_sent form, decision_outcome outcome) {
    return show_after(milliseconds(0), std::move(form), std::move(outcome));
}

awaitable<void>
interaction_answers::show_after(milliseconds before, form_sent form, decision_outcome outcome) {
    const std::unique_ptr<ports::alarm> pause = time_.make_alarm();
    const std::string words = access::words_for(outcome, form.about.what, "");
    for (int tries = 1;; ++tries) {
        if (before.count() > 0) {
            co_await pause->wait(before);
        }
        before = until_taken;
        call editing(ports::http_method::patch, "webhooks/" + application_);
        editing.below = '/' + form.token + "/messages/@original";
        editing.by_token = true;
        editing.body = message_of_words(words);
        const auto edited = co_await discord_.ask(std::move(editing));
        if (edited.has_value()) {
            co_return;
        }
        // Discord knows our answer only once it has taken it.
        if (edited.error().kind() != fault_kind::not_found || tries == most_tries) {
            out_.warning(
                "outcome_not_shown", {{"request", form.about.request_id},
                                      {"outcome", std::string(access::to_string(outcome.what))},
                                      {"reason", edited.error().text()}}
            );
            co_return;
        }
    }
}

} // namespace hallpass::services::discord
