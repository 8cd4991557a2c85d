#include "services/msteams/review_callbacks.hpp"

#include "base/text.hpp"
#include "services/msteams/account.hpp"
#include "services/msteams/caller.hpp"
#include "services/msteams/card.hpp"
#include "services/msteams/proof.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::services::msteams {

namespace json = boost::json;
using access::decision_outcome;
using access::decision_result;
using boost::asio::awaitable;
using ports::callback_response;
using std::chrono::milliseconds;

namespace {

// Of about 5 s, of which the network takes its part (api-messaging 4.4).
constexpr milliseconds longest_answer{4000};
constexpr milliseconds for_the_keys{3000};
constexpr milliseconds least_wait{100};
constexpr milliseconds shown_for{1000};

callback_response json_answer(const json::object& body) {
    callback_response made;
    made.status = 200;
    made.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    made.body = json::serialize(body);
    return made;
}

// Shown to the person alone.
callback_response words_answer(std::string_view words) {
    return json_answer(json::object{
        {"statusCode", 200}, {"type", "application/vnd.microsoft.activity.message"}, {"value", words}});
}

callback_response card_answer(json::object card) {
    return json_answer(json::object{
        {"statusCode", 200}, {"type", "application/vnd.microsoft.card.adaptive"}, {"value", std::move(card)}}
    );
}

// The client goes on showing the card that it has.
callback_response no_card_answer() {
    return json_answer(json::object{
        {"statusCode", 500},
        {"type", "application/vnd.microsoft.error"},
        {"value", json::object{{"code", "unavailable"}, {"message", "The request could not be read."}}}});
}

callback_response empty_answer() {
    callback_response made;
    made.status = 200;
    return made;
}

std::string words_of(decision_result what, access::verdict wanted) {
    decision_outcome made;
    made.what = what;
    return access::words_for(made, wanted, "");
}

// A waiter's place, given up however its coroutine ends.
class seat {
public:
    seat(std::shared_ptr<action_run> at, ports::clock& time) : at_(std::move(at)), bell_(time.make_alarm()) {
        at_->waiting.push_back(bell_.get());
    }

    seat(const seat&) = delete;
    seat& operator=(const seat&) = delete;

    ~seat() { std::erase(at_->waiting, bell_.get()); }

    ports::alarm& bell() noexcept { return *bell_; }

private:
    std::shared_ptr<action_run> at_;
    std::unique_ptr<ports::alarm> bell_;
};

} // namespace

review_callbacks::review_callbacks(
    ports::http_client& http,
    api& teams,
    directory& tenant,
    ports::clock& time,
    ports::log& out,
    ports::decision_desk& desk,
    tell_person tell
)
    : teams_(teams),
      tenant_(tenant),
      time_(time),
      out_(out),
      desk_(desk),
      tell_(std::move(tell)),
      keys_(http, time, teams.config().bot_login_url, std::string(teams.config().where.bot_issuer)),
      looking_up_(time) {}

ports::callback_route review_callbacks::route() {
    ports::callback_route made;
    made.path = messages_path;
    made.answer = [this](ports::callback_request request) { return answer(std::move(request)); };
    return made;
}

milliseconds review_callbacks::left(instant until) const {
    return std::max(least_wait, until - time_.now());
}

awaitable<std::string> review_callbacks::verify(ports::callback_request request, activity& into) {
    if (request.body.size() > largest_activity) {
        co_return "it is too large";
    }
    const std::optional<signed_token> token = token_of(request);
    if (!token) {
        co_return "its token is missing, doubled or malformed";
    }
    if (const auto why =
            refuse_claims(*token, teams_.config().where.bot_issuer, teams_.config().app_id, time_.now())) {
        co_return std::string(*why);
    }
    const auto key = co_await keys_.find(token->key_id, token->algorithm, for_the_keys);
    if (key.has_error()) {
        out_.warning("callback_not_verified", {{"reason", key.error().text()}});
        co_return "the keys are not known";
    }
    if (const auto why = refuse_signature(*token, key->get())) {
        co_return std::string(*why);
    }
    std::optional<activity> read = read_activity(request.body);
    if (!read) {
        co_return "it is no activity";
    }
    if (const auto why = refuse_activity(*token, **key, read->channel, read->service_url)) {
        co_return std::string(*why);
    }
    into = *std::move(read);
    co_return "";
}

awaitable<callback_response> review_callbacks::answer(ports::callback_request request) {
    const instant until = time_.now() + longest_answer;
    activity read;
    const std::string refused = co_await verify(std::move(request), read);
    if (!refused.empty()) {
        out_.debug("callback_refused", {{"reason", refused}});
        co_return ports::refused_callback();
    }
    if (!read.action) {
        co_return empty_answer(); // of the many activities that a bot is told of
    }
    card_action asked = *std::move(read.action);
    const std::string wanted = prove(teams_.config().app_secret, asked.request_id);
    if (!equal_in_constant_time(wanted, asked.proof)) {
        out_.warning(
            "callback_refused", {{"reason", "the card's data is not ours"}, {"account", asked.who.object_id}}
        );
        co_return words_answer("This card is out of date. Please decide in Teleport.");
    }
    if (asked.what) {
        callback_response decided = co_await on_decision(std::move(asked), until);
        co_return decided;
    }
    if (asked.who.tenant != teams_.config().tenant_id) {
        co_return no_card_answer();
    }
    callback_response refreshed = co_await on_refresh(std::move(asked), until);
    co_return refreshed;
}

awaitable<callback_response> review_callbacks::on_refresh(card_action asked, instant until) {
    const auto run = std::make_shared<late_answer<std::optional<access::card>>>(time_);
    desk_.spawn("msteams look-up", look_up(run, asked.request_id));
    co_await run->wait(left(until));
    if (!run->found || !*run->found) {
        co_return no_card_answer();
    }
    const decision_form form = form_for(**run->found, desk_.rules(), asked.proof);
    co_return card_answer(adaptive_card(**run->found, &form));
}

awaitable<void> review_callbacks::look_up(
    std::shared_ptr<late_answer<std::optional<access::card>>> run, std::string request_id
) {
    auto found = co_await card_of(std::move(request_id));
    run->give(std::move(found));
}

awaitable<std::optional<access::card>> review_callbacks::card_of(std::string request_id) {
    const std::unique_ptr<one_at_a_time::turn> turn = co_await looking_up_.enter(longest_answer);
    if (!turn) {
        co_return std::nullopt;
    }
    const instant now = time_.now();
    std::erase_if(shown_, [now](const auto& one) { return one.second.until <= now; });
    const auto known = shown_.find(request_id);
    if (known != shown_.end()) {
        co_return known->second.card;
    }
    const auto found = co_await desk_.look_up(request_id);
    if (found.has_error() || !found->has_value()) {
        co_return std::nullopt;
    }
    const access::card& card = (*found)->card;
    shown_.insert_or_assign(request_id, shown_lately{time_.now() + shown_for, card});
    co_return card;
}

awaitable<callback_response> review_callbacks::on_decision(card_action asked, instant until) {
    const access::verdict what = *asked.what;
    if (access::needs_reason(desk_.rules(), what) && asked.reason.empty()) {
        co_return words_answer(words_of(decision_result::reason_required, what));
    }
    const remembered_actions::taken taken = actions_.take(asked, time_.now());
    const std::shared_ptr<action_run> run = taken.run;
    if (!run) {
        out_.warning(
            "callback_refused", {{"reason", "the activity came before with something else, or too many came"}}
        );
        co_return words_answer(words_of(decision_result::unreachable, what));
    }
    if (taken.first) {
        desk_.spawn("msteams decision", decide(run, std::move(asked)));
    }
    if (!run->words) {
        seat mine(run, time_);
        co_await mine.bell().wait(left(until));
    }
    if (run->words) {
        co_return words_answer(*run->words);
    }
    run->told_to_wait = true;
    co_return words_answer("Working on it… You will be told in your chat with this app.");
}

awaitable<void> review_callbacks::decide(std::shared_ptr<action_run> run, card_action asked) {
    const std::string person = asked.who.object_id;
    const std::string request_id = asked.request_id;
    std::string words = co_await words_after(std::move(asked));
    run->words = words;
    for (ports::alarm* waiter : run->waiting) {
        waiter->wake();
    }
    if (!run->told_to_wait) {
        co_return;
    }
    const result<void> told = co_await tell_(person, request_id, std::move(words));
    if (told.has_error()) {
        out_.warning("outcome_not_shown", {{"request", request_id}, {"reason", told.error().text()}});
    }
}

awaitable<std::string> review_callbacks::words_after(card_action asked) {
    const access::verdict what = *asked.what;
    const auto found = co_await desk_.look_up(asked.request_id);
    std::string link;
    if (found.has_value() && found->has_value()) {
        link = (*found)->card.link;
        const bool sensitive = access::needs_confirmation(desk_.rules(), (*found)->request);
        if (what == access::verdict::approve && sensitive && !asked.confirmed) {
            co_return "Please confirm first that you have checked this request: the box is on the card.";
        }
    } else if (what == access::verdict::approve && !desk_.rules().confirm_roles.empty() && !asked.confirmed) {
        // Whether it must be confirmed isn't known.
        co_return words_of(found.has_error() ? decision_result::unreachable : decision_result::expired, what);
    }
    access::decision wanted;
    wanted.person = co_await find_account(tenant_, out_, asked.who, teams_.config().tenant_id);
    wanted.request_id = asked.request_id;
    wanted.what = what;
    wanted.reason = asked.reason;
    const decision_outcome outcome = co_await desk_.decide(std::move(wanted));
    co_return access::words_for(outcome, what, link);
}

} // namespace hallpass::services::msteams
