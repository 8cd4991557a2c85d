#include "services/slack/review_callbacks.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/outcomes.hpp"
#include "services/slack/account.hpp"
#include "services/slack/review_ids.hpp"
#include "services/slack/review_modal.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::services::slack {

namespace json = boost::json;
using access::decision_outcome;
using access::decision_result;
using boost::asio::awaitable;
using ports::callback_response;
using std::chrono::milliseconds;

namespace {

// A form wants to be opened in what is left of that.
constexpr milliseconds kept_for_opening{500};
constexpr milliseconds least_wait{100};
// Slack must have drawn our answer before the view is changed, or it draws the old over the new.
constexpr milliseconds until_drawn{700};

callback_response empty_answer() {
    callback_response made;
    made.status = 200;
    return made;
}

callback_response json_answer(const json::object& body) {
    callback_response made = empty_answer();
    made.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    made.body = json::serialize(body);
    return made;
}

callback_response update_to(json::object view) {
    return json_answer(json::object{{"response_action", "update"}, {"view", std::move(view)}});
}

callback_response error_at(std::string_view block, std::string_view words) {
    return json_answer(json::object{{"response_action", "errors"}, {"errors", json::object{{block, words}}}});
}

json::object view_of(const decision_outcome& outcome, access::verdict what, std::string_view link) {
    return outcome_view(access::words_for(outcome, what, link));
}

} // namespace

review_callbacks::review_callbacks(
    secret signing_secret,
    api& slack,
    ports::clock& time,
    ports::log& out,
    ports::decision_desk& desk,
    find_own_place own
)
    : signature_(std::move(signing_secret), time.now()),
      slack_(slack),
      time_(time),
      out_(out),
      desk_(desk),
      own_(std::move(own)) {}

ports::callback_route review_callbacks::route() {
    ports::callback_route made;
    made.path = interactivity_path;
    made.answer = [this](ports::callback_request request) { return answer(std::move(request)); };
    return made;
}

awaitable<callback_response> review_callbacks::answer(ports::callback_request request) {
    const instant now = time_.now();
    if (request.body.size() > largest_callback) {
        out_.debug("callback_refused", {{"reason", "it is too large"}});
        co_return ports::refused_callback();
    }
    if (const auto why = signature_.refuse(request, now)) {
        out_.debug("callback_refused", {{"reason", std::string(*why)}});
        co_return ports::refused_callback();
    }
    std::optional<json::object> payload = read_payload(request.body);
    if (!payload) {
        out_.debug("callback_refused", {{"reason", "it has no payload"}});
        co_return ports::refused_callback();
    }
    callback_response answered = co_await respond(std::move(*payload), now + longest_answer);
    co_return answered;
}

awaitable<callback_response> review_callbacks::respond(json::object payload, instant until) {
    interaction what = read_interaction(payload);
    if (auto* click = std::get_if<button_click>(&what)) {
        callback_response answered = co_await on_click(std::move(*click), until);
        co_return answered;
    }
    if (auto* form = std::get_if<form_sent>(&what)) {
        callback_response answered = co_await on_form(std::move(*form), until);
        co_return answered;
    }
    if (text_of(payload, "type") == "view_submission") {
        // Any other answer would close it, as if it had decided.
        out_.debug("callback_refused", {{"reason", "it is no form of ours"}});
        co_return ports::refused_callback();
    }
    co_return empty_answer();
}

bool review_callbacks::comes_from_elsewhere(const actor& who, const std::string& app, const own_place& own) {
    if (!own.team.empty() && who.team != own.team) {
        out_.warning("callback_refused", {{"reason", "it comes from another workspace"}, {"team", who.team}});
        return true;
    }
    if (!own.app.empty() && app != own.app) {
        out_.warning("callback_refused", {{"reason", "it is for another app"}, {"app", one_line(app, 80)}});
        return true;
    }
    return false;
}

milliseconds review_callbacks::left(instant until) const {
    return std::max(least_wait, until - time_.now());
}

awaitable<callback_response> review_callbacks::on_click(button_click click, instant until) {
    const own_place own = co_await own_();
    if (comes_from_elsewhere(click.who, click.app, own)) {
        co_return ports::refused_callback();
    }
    json::object view;
    if (own.team.empty()) {
        view = view_of(outcome_of(decision_result::unreachable), click.what, "");
    } else {
        const auto run = look_up_request(desk_, time_, "slack look-up", click.request_id);
        co_await run->wait(left(until - kept_for_opening));
        view = view_after(click, *run);
    }
    json::object body{{"trigger_id", click.trigger}, {"view", std::move(view)}};
    const auto opened = co_await slack_.call_once("views.open", std::move(body), left(until));
    if (opened.has_error()) {
        out_.warning("modal_not_opened", {{"request", click.request_id}, {"reason", opened.error().text()}});
    }
    co_return empty_answer();
}

json::object review_callbacks::view_after(const button_click& click, const request_look_up& run) const {
    if (!run.found || run.found->has_error()) {
        return form_for(click, nullptr);
    }
    const std::optional<ports::shown_request>& found = **run.found;
    if (!found) {
        return view_of(outcome_of(decision_result::expired), click.what, "");
    }
    if (const auto outcome = settled(found->request)) {
        return view_of(*outcome, click.what, found->card.link);
    }
    return form_for(click, &*found);
}

json::object review_callbacks::form_for(const button_click& click, const ports::shown_request* found) const {
    const access::review_rules& rules = desk_.rules();
    form_facts facts;
    facts.request_id = click.request_id;
    facts.what = click.what;
    facts.message = click.message;
    facts.confirm = asks_to_confirm(rules, click.what, found);
    access::card shown;
    shown.request_id = click.request_id;
    if (found) {
        shown = found->card;
        facts.link = shown.link;
    }
    return form_view(shown, facts, access::needs_reason(rules, click.what));
}

awaitable<callback_response> review_callbacks::on_form(form_sent form, instant until) {
    const access::verdict what = form.about.what;
    if (access::needs_reason(desk_.rules(), what) && form.reason.empty()) {
        co_return error_at(
            reason_block, access::words_for(outcome_of(decision_result::reason_required), what, "")
        );
    }
    if (form.about.confirm && !form.confirmed) {
        co_return error_at(confirm_block, "Please confirm that you have checked this request.");
    }
    const own_place own = co_await own_();
    if (comes_from_elsewhere(form.who, form.app, own)) {
        co_return ports::refused_callback();
    }
    if (own.team.empty()) {
        co_return update_to(view_of(outcome_of(decision_result::unreachable), what, form.about.link));
    }
    const std::string link = form.about.link;
    const auto run = std::make_shared<late_answer<decision_outcome>>(time_);
    desk_.spawn("slack decision", decide(run, std::move(form), own.team));
    co_await run->wait(left(until));
    if (run->found) {
        co_return update_to(view_of(*run->found, what, link));
    }
    run->answered = true;
    co_return update_to(working_view(what));
}

awaitable<void> review_callbacks::decide(
    std::shared_ptr<late_answer<decision_outcome>> run, form_sent form, std::string team
) {
    access::decision asked;
    asked.person = co_await find_account(slack_, out_, form.who, std::move(team));
    asked.request_id = form.about.request_id;
    asked.what = form.about.what;
    asked.reason = form.reason;
    const decision_outcome outcome = co_await desk_.decide(std::move(asked));
    run->give(outcome);
    if (run->answered) {
        co_await show_late(std::move(form), outcome);
    }
}

awaitable<void> review_callbacks::show_instead(std::string view, std::string answer) {
    const std::optional<json::value> said = parse_foreign(answer);
    if (view.empty() || !said || !said->is_object() ||
        text_of(said->get_object(), "response_action") != "update") {
        co_return;
    }
    json::object body{{"view_id", view}, {"view", object_of(said->get_object(), "view")}};
    // Over before a later outcome is shown, which it would hide.
    const auto updated = co_await slack_.call("views.update", std::move(body), until_drawn);
    if (updated.has_error()) {
        out_.warning("outcome_not_shown", {{"view", view}, {"reason", updated.error().text()}});
    }
}

awaitable<void> review_callbacks::show_late(form_sent form, decision_outcome outcome) {
    const std::unique_ptr<ports::alarm> pause = time_.make_alarm();
    co_await pause->wait(until_drawn);
    json::object view = view_of(outcome, form.about.what, form.about.link);
    json::object body{{"view_id", form.view}, {"view", std::move(view)}};
    const auto updated = co_await slack_.call("views.update", std::move(body));
    if (updated.has_error()) {
        out_.warning(
            "outcome_not_shown", {{"request", form.about.request_id},
                                  {"outcome", std::string(access::to_string(outcome.what))},
                                  {"reason", updated.error().text()}}
        );
    }
}

} // namespace hallpass::services::slack
