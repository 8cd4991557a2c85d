#include "services/mattermost/review_callbacks.hpp"

#include "base/text.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"
#include "services/mattermost/account.hpp"
#include "services/mattermost/messages.hpp"
#include "services/outcomes.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::services::mattermost {

namespace json = boost::json;
using access::decision_outcome;
using access::decision_result;
using boost::asio::awaitable;
using ports::callback_response;
using std::chrono::milliseconds;

namespace {

// Within the least time that an operator may sensibly let Mattermost wait.
constexpr milliseconds longest_answer{5000};
// A form wants to be opened in what is left of that.
constexpr milliseconds kept_for_opening{1500};
constexpr milliseconds longest_post_look{1500};
constexpr milliseconds least_wait{100};
// Between the server's clock and ours; in it, a click counts once.
constexpr std::chrono::minutes click_window{5};
constexpr std::chrono::minutes form_lasts{60};
constexpr std::size_t words_bytes = 1500;

callback_response json_answer(const json::object& body) {
    callback_response made;
    made.status = 200;
    made.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    made.body = json::serialize(body);
    return made;
}

// Whatever is in the words, it is shown as Mattermost's own Markdown has it, not as Slack's.
callback_response told_alone(std::string_view words, std::string_view link) {
    return json_answer(json::object{{"ephemeral_text", note(words, link)}, {"skip_slack_parsing", true}});
}

callback_response form_stays(std::string_view words) {
    return json_answer(json::object{{"error", display_lines(words, words_bytes)}});
}

callback_response error_at(std::string_view field, std::string_view words) {
    return json_answer(json::object{{"errors", json::object{{field, words}}}});
}

std::string working_words(access::verdict what) {
    const std::string noun = what == access::verdict::approve ? "approval" : "denial";
    return "Teleport is being asked to record your " + noun + ". What becomes of it follows in a moment.";
}

} // namespace

review_callbacks::review_callbacks(
    own_place own,
    const seal& by,
    api& mattermost,
    ports::clock& time,
    ports::log& out,
    ports::decision_desk& desk
)
    : own_(std::move(own)),
      seal_(by),
      mattermost_(mattermost),
      time_(time),
      out_(out),
      desk_(desk),
      made_(time.now()) {}

std::vector<ports::callback_route> review_callbacks::routes() {
    ports::callback_route actions;
    actions.path = actions_path;
    actions.answer = [this](ports::callback_request request) { return on_click(std::move(request)); };
    ports::callback_route dialog;
    dialog.path = dialog_path;
    dialog.answer = [this](ports::callback_request request) { return on_form(std::move(request)); };
    return {std::move(actions), std::move(dialog)};
}

json::array review_callbacks::buttons(const access::card& shown, const std::string& channel) const {
    return buttons_for(shown, channel, own_.public_addr + std::string(actions_path), seal_, time_.now());
}

callback_response review_callbacks::refuse(std::string_view why) {
    out_.debug("callback_refused", {{"service", "mattermost"}, {"reason", std::string(why)}});
    return ports::refused_callback();
}

milliseconds review_callbacks::left(instant until) const {
    return std::max(least_wait, until - time_.now());
}

awaitable<callback_response> review_callbacks::on_click(ports::callback_request request) {
    const instant now = time_.now();
    std::optional<button_click> click = read_click(request.body, seal_);
    if (!click) {
        co_return refuse("it is of no button of ours, or its trigger is for somebody else");
    }
    if (click->about.ends <= now) {
        co_return refuse("the button has ended");
    }
    if (click->at > now + click_window || click->at < now - click_window) {
        co_return refuse("the click is not of now; are the clocks right?");
    }
    if (!clicks_.take(click->trigger, click->at + click_window, now)) {
        co_return refuse("the same click came before, or too many at once");
    }
    const result<bool> ours = co_await is_on_our_card(*click);
    const access::verdict what = click->about.what;
    if (ours.has_error()) {
        out_.warning("post_not_looked_up", {{"post", click->post}, {"reason", ours.error().text()}});
        co_return told_alone(access::words_for(outcome_of(decision_result::unreachable), what, ""), "");
    }
    if (!*ours) {
        co_return refuse("the post isn't our card of that request");
    }
    const instant until = now + longest_answer;
    const auto run = look_up_request(desk_, time_, "mattermost look-up", click->about.request_id);
    co_await run->wait(left(until - kept_for_opening));
    std::optional<ports::shown_request> found;
    if (run->found && run->found->has_value()) {
        if (!**run->found) {
            co_return told_alone(access::words_for(outcome_of(decision_result::expired), what, ""), "");
        }
        found = ***run->found;
        if (const auto outcome = settled(found->request)) {
            co_return told_alone(access::words_for(*outcome, what, found->card.link), found->card.link);
        }
    }
    callback_response answered = co_await open_form(std::move(*click), std::move(found), until);
    co_return answered;
}

// A context is bound to a channel, as a post has no id before it is made; the post is read to bind it to that
// very card.
awaitable<result<bool>> review_callbacks::is_on_our_card(button_click click) {
    const result<std::string> me = co_await own_.id();
    if (me.has_error()) {
        co_return me.error();
    }
    call asked(ports::http_method::get, "posts/" + click.post);
    asked.deadline = longest_post_look;
    const result<json::object> post = co_await mattermost_.ask(std::move(asked));
    if (post.has_error()) {
        const fault failed = post.error();
        if (failed.kind() == fault_kind::not_found || failed.kind() == fault_kind::permanent) {
            co_return false;
        }
        co_return failed;
    }
    const access::delivery_key card(click.about.request_id, "card");
    co_return text_of(*post, "user_id") == *me&& text_of(*post, "channel_id") ==
        click.about.channel&& carries(*post, card);
}

awaitable<callback_response>
review_callbacks::open_form(button_click click, std::optional<ports::shown_request> found, instant until) {
    const access::review_rules& rules = desk_.rules();
    form_facts facts;
    facts.request_id = click.about.request_id;
    facts.what = click.about.what;
    facts.user = click.user;
    facts.channel = click.about.channel;
    facts.nonce = random_word();
    facts.opened = time_.now();
    facts.confirm = asks_to_confirm(rules, facts.what, found ? &*found : nullptr);
    access::card shown;
    shown.request_id = facts.request_id;
    if (found) {
        shown = found->card;
        facts.link = shown.link;
    }
    const form_look look{facts.what, access::needs_reason(rules, facts.what), facts.confirm};
    call opening(ports::http_method::post, "actions/dialogs/open");
    opening.body = json::object{
        {"trigger_id", click.trigger},
        {"url", own_.public_addr + std::string(dialog_path)},
        {"dialog", dialog_for(shown, look, to_state(facts, seal_))}};
    opening.repeatable = false;
    opening.deadline = left(until);
    const result<json::object> opened = co_await mattermost_.ask(std::move(opening));
    if (opened.has_error()) {
        out_.warning("form_not_opened", {{"request", facts.request_id}, {"reason", opened.error().text()}});
        co_return told_alone("The form could not be opened, and nothing was decided. Please try again.", "");
    }
    co_return json_answer(json::object());
}

awaitable<callback_response> review_callbacks::on_form(ports::callback_request request) {
    const instant now = time_.now();
    std::optional<form_sent> form = read_form(request.body, seal_);
    if (!form) {
        co_return refuse("it is of no form of ours, or from somebody else");
    }
    const form_facts about = form->about;
    const instant ends = about.opened + form_lasts;
    // Another process may have seen those of before already.
    if (ends <= now || about.opened < made_) {
        co_return form_stays("This form has expired, and nothing was decided. Please press the button again."
        );
    }
    if (!forms_.take(about.nonce, ends, now)) {
        co_return refuse("the same form came before, or too many at once");
    }
    if (access::needs_reason(desk_.rules(), about.what) && form->reason.empty()) {
        forms_.give_back(about.nonce, ends);
        co_return error_at(
            reason_field, access::words_for(outcome_of(decision_result::reason_required), about.what, "")
        );
    }
    if (about.confirm && !form->confirmed) {
        forms_.give_back(about.nonce, ends);
        co_return error_at(confirm_field, "Please confirm that you have checked this request.");
    }
    const auto run = std::make_shared<late_answer<decision_outcome>>(time_);
    desk_.spawn("mattermost decision", decide(run, *form));
    co_await run->wait(longest_answer);
    if (run->found) {
        co_return after(*form, *run->found);
    }
    run->answered = true;
    desk_.spawn("mattermost note", tell(about, working_words(about.what)));
    co_return json_answer(json::object());
}

// A form that has done its work closes, and the outcome is told beside it; else it says why, and stays.
callback_response review_callbacks::after(const form_sent& form, const decision_outcome& outcome) {
    std::string words = access::words_for(outcome, form.about.what, form.about.link);
    if (access::is_recorded(outcome)) {
        desk_.spawn("mattermost note", tell(form.about, std::move(words)));
        return json_answer(json::object());
    }
    if (outcome.what == decision_result::unreachable || outcome.what == decision_result::reason_required) {
        forms_.give_back(form.about.nonce, form.about.opened + form_lasts);
    }
    return form_stays(words);
}

awaitable<void> review_callbacks::decide(std::shared_ptr<late_answer<decision_outcome>> run, form_sent form) {
    access::decision asked;
    asked.person = co_await find_account(mattermost_, out_, form.about.user, form.about.channel);
    asked.request_id = form.about.request_id;
    asked.what = form.about.what;
    asked.reason = form.reason;
    const decision_outcome outcome = co_await desk_.decide(std::move(asked));
    run->give(outcome);
    if (run->answered) {
        std::string words = access::words_for(outcome, form.about.what, form.about.link);
        co_await tell(std::move(form.about), std::move(words));
    }
}

awaitable<void> review_callbacks::tell(form_facts about, std::string words) {
    const std::string shown = note(words, about.link);
    call posting(ports::http_method::post, "posts/ephemeral");
    posting.body =
        json::object{{"user_id", about.user}, {"post", {{"channel_id", about.channel}, {"message", shown}}}};
    posting.repeatable = false;
    const result<json::object> posted = co_await mattermost_.ask(std::move(posting));
    if (posted.has_error()) {
        // Unless an administrator has given the bot the permission.
        const bool forbidden = posted.error().kind() == fault_kind::permanent;
        if (!forbidden) {
            out_.warning(
                "outcome_not_shown", {{"request", about.request_id}, {"reason", posted.error().text()}}
            );
            co_return;
        }
        co_await tell_directly(std::move(about), shown);
    }
}

awaitable<void> review_callbacks::tell_directly(form_facts about, std::string words) {
    const result<std::string> channel = co_await own_.direct_channel(about.user);
    if (channel.has_error()) {
        out_.warning(
            "outcome_not_shown", {{"request", about.request_id}, {"reason", channel.error().text()}}
        );
        co_return;
    }
    call posting(ports::http_method::post, "posts");
    posting.body = json::object{{"channel_id", *channel}, {"message", std::move(words)}};
    posting.repeatable = false;
    const result<json::object> posted = co_await mattermost_.ask(std::move(posting));
    if (posted.has_error()) {
        out_.warning("outcome_not_shown", {{"request", about.request_id}, {"reason", posted.error().text()}});
    }
}

} // namespace hallpass::services::mattermost
