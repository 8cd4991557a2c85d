#include "services/discord/gateway_interactions.hpp"

#include "services/discord/review_modal.hpp"
#include "services/discord/snowflake.hpp"
#include "services/json_members.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace hallpass::services::discord {

namespace json = boost::json;
using boost::asio::awaitable;
using std::chrono::milliseconds;

namespace {

// What is older than these Discord takes no answer to.
constexpr std::size_t most_remembered = 10'000;
constexpr std::size_t most_under_way = 200;
// Of the 3 s that Discord gives, most may have gone into looking the request up.
constexpr milliseconds longest_claim{2500};
// By then whoever has the interaction has decided, and said so.
constexpr milliseconds until_settled{15'000};
constexpr std::int64_t thinking_flag = 1 << 7; // of a message: there is a deferred answer, and no more

struct visit {
    explicit visit(std::size_t& among) : under_way(among) {}

    visit(const visit&) = delete;
    visit& operator=(const visit&) = delete;

    ~visit() { --under_way; }

    std::size_t& under_way;
};

bool is_thinking(const json::object& message) {
    const json::value* flags = message.if_contains("flags");
    const std::int64_t* bits = flags ? flags->if_int64() : nullptr;
    return bits != nullptr && (*bits & thinking_flag) != 0;
}

} // namespace

gateway_interactions::gateway_interactions(
    std::string application,
    interaction_answers& answers,
    api& discord,
    ports::clock& time,
    ports::log& out,
    ports::decision_desk& desk
)
    : application_(std::move(application)),
      answers_(answers),
      discord_(discord),
      time_(time),
      out_(out),
      desk_(desk) {}

bool gateway_interactions::is_new(const std::string& id) {
    if (!seen_.insert(id).second) {
        return false;
    }
    in_order_.push_back(id);
    if (in_order_.size() > most_remembered) {
        seen_.erase(in_order_.front());
        in_order_.pop_front();
    }
    return true;
}

void gateway_interactions::take(json::object interaction) {
    caller who{std::string(text_of(interaction, "id")), std::string(text_of(interaction, "token"))};
    if (!is_snowflake(who.id) || !is_interaction_token(who.token)) {
        out_.warning("interaction_ignored", {{"reason", "it has no id or no token"}});
        return;
    }
    if (!is_new(who.id)) {
        out_.debug("interaction_ignored", {{"interaction", who.id}, {"reason", "it came before"}});
        return;
    }
    if (under_way_ >= most_under_way) {
        out_.warning("interaction_ignored", {{"interaction", who.id}, {"reason", "too many at once"}});
        return;
    }
    ++under_way_;
    desk_.spawn("discord interaction", answer(std::move(who), std::move(interaction)));
}

awaitable<void> gateway_interactions::answer(caller who, json::object interaction) {
    const visit mine(under_way_);
    std::optional<first_answer> first = co_await answers_.first(std::move(interaction));
    if (!first) {
        co_return;
    }
    const result<void> taken = co_await claim(who, std::move(first->said));
    if (taken.has_value()) {
        if (first->to_decide) {
            co_await answers_.decide_answered(*std::move(first->to_decide));
        }
        co_return;
    }
    const fault& why = taken.error();
    if (why.kind() == fault_kind::conflict) {
        out_.debug("interaction_of_another", {{"interaction", who.id}, {"reason", why.text()}});
        co_return;
    }
    out_.warning("interaction_not_answered", {{"interaction", who.id}, {"reason", why.text()}});
    // Nobody knows whose answer stands there: nothing is decided.
    if (why.uncertain() && first->to_decide) {
        co_await look_after(std::move(who), *std::move(first->to_decide));
    }
}

awaitable<result<void>> gateway_interactions::claim(caller who, json::object said) {
    call answering(ports::http_method::post, "interactions");
    answering.below = '/' + who.id + '/' + who.token + "/callback";
    answering.body = std::move(said);
    answering.by_token = true;
    // A second one would be refused like another instance's, and nobody would decide.
    answering.posts = true;
    answering.once = true;
    answering.deadline = longest_claim;
    const result<json::value> taken = co_await discord_.send(std::move(answering));
    co_return taken.has_value() ? result<void>() : result<void>(taken.error());
}

// The answer may stand there, and the person waits for what follows it.
awaitable<void> gateway_interactions::look_after(caller who, form_sent form) {
    const std::unique_ptr<ports::alarm> pause = time_.make_alarm();
    co_await pause->wait(until_settled);
    call asking(ports::http_method::get, "webhooks/" + application_);
    asking.below = '/' + who.token + "/messages/@original";
    asking.by_token = true;
    const result<json::object> message = co_await discord_.ask(std::move(asking));
    if (message.has_value() && is_thinking(*message)) {
        access::decision_outcome unknown;
        unknown.what = access::decision_result::unknown;
        co_await answers_.show(std::move(form), std::move(unknown));
    }
}

} // namespace hallpass::services::discord
