#include "services/msteams/client.hpp"

#include "access/routing.hpp"
#include "base/text.hpp"
#include "services/account_of.hpp"
#include "services/json_members.hpp"
#include "services/msteams/activities.hpp"
#include "services/msteams/card.hpp"
#include "services/msteams/ids.hpp"
#include "services/msteams/permissions.hpp"
#include "services/msteams/proof.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::services::msteams {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

std::string named(std::string_view recipient) {
    return "recipient \"" + one_line(recipient, 120) + '"';
}

bool is_good_name(std::string_view text) noexcept {
    constexpr std::size_t longest = 320;
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c != 0x7F; });
}

} // namespace

msteams_service::msteams_service(msteams_config config, ports::service_environment environment)
    : http_(environment.http),
      time_(environment.time),
      out_(environment.out),
      people_(environment.people),
      api_(environment.http, environment.time, std::move(config)),
      directory_(api_, environment.time) {}

awaitable<result<std::string>> msteams_service::check() {
    const result<secret> graph = co_await api_.credentials().get(audience::graph, usual_deadline);
    if (graph.has_error()) {
        co_return graph.error().in("Teams");
    }
    const missing_permissions missing = find_missing(permissions_of(*graph));
    if (!missing.needed.empty()) {
        co_return fault(
            fault_kind::unauthorised,
            "Teams: the app's registration lacks the application permission " + joined(missing.needed, ", ") +
                "; add it under \"API permissions\", and let an administrator consent"
        );
    }
    if (!missing.for_channels.empty()) {
        out_.warning(
            "msteams_permission_missing",
            {{"permission", joined(missing.for_channels, ", ")},
             {"mend", "without it channels can't be recipients; add it under \"API permissions\", and let an "
                      "administrator consent"}}
        );
    }
    const result<secret> bot = co_await api_.credentials().get(audience::bot, usual_deadline);
    if (bot.has_error()) {
        co_return bot.error().in("Teams");
    }
    const result<catalogue_app> app = co_await directory_.app();
    if (app.has_error()) {
        co_return app.error();
    }
    co_return "the app " + app->name + " (" + api_.config().teams_app_id + ") in the tenant " +
        api_.config().tenant_id;
}

std::string msteams_service::mapped(std::string_view person) const {
    return account_of(person, people_).value_or("");
}

awaitable<result<std::optional<std::string>>> msteams_service::find_user(std::string wanted) {
    if (std::string id = mapped(wanted); !id.empty()) {
        co_return std::optional<std::string>(std::move(id));
    }
    auto found = co_await directory_.user(std::move(wanted));
    co_return found;
}

awaitable<result<access::address>> msteams_service::resolve_channel(std::string link) {
    const auto channel = parse_channel_link(link);
    if (!channel) {
        co_return fault(
            fault_kind::not_found,
            named(link) +
                ": not a channel's link; in Teams, take it from the channel by \"Get link to channel\""
        );
    }
    if (channel->tenant != api_.config().tenant_id) {
        co_return fault(
            fault_kind::not_found, named(link) + ": a channel of another tenant than msapi.tenant_id"
        );
    }
    const result<void> there = co_await directory_.check_team(channel->group);
    if (there.has_error()) {
        co_return there.error().in(named(link));
    }
    co_return access::address(channel->conversation);
}

awaitable<result<access::address>> msteams_service::resolve(std::string recipient) {
    const std::string wanted(trimmed(recipient));
    if (wanted.starts_with("https://") || wanted.starts_with("http://")) {
        result<access::address> channel = co_await resolve_channel(wanted);
        co_return channel;
    }
    if (!is_good_name(wanted)) {
        co_return fault(
            fault_kind::not_found,
            named(wanted) +
                ": neither an e-mail address, nor a user's object id, nor a channel's link; correct it"
        );
    }
    const result<std::optional<std::string>> user = co_await find_user(wanted);
    if (user.has_error()) {
        co_return user.error().in(named(wanted));
    }
    if (!user->has_value()) {
        co_return fault(
            fault_kind::not_found,
            named(wanted) +
                ": the tenant has nobody by that e-mail address, user principal name or id; check it"
        );
    }
    const result<std::string> chat = co_await directory_.chat_with(**user);
    if (chat.has_error()) {
        co_return chat.error().in(named(wanted));
    }
    co_return access::address(*chat);
}

awaitable<result<std::optional<access::address>>> msteams_service::resolve_requester(std::string teleport_user
) {
    const bool worth_asking = access::looks_like_email(teleport_user) && is_good_name(teleport_user);
    if (!worth_asking && mapped(teleport_user).empty()) {
        co_return std::optional<access::address>();
    }
    const result<std::optional<std::string>> user = co_await find_user(teleport_user);
    result<std::string> chat = std::string();
    if (user.has_value() && user->has_value()) {
        chat = co_await directory_.chat_with(**user);
    }
    if (user.has_error() || chat.has_error()) {
        const fault failed =
            (user.has_error() ? user.error() : chat.error()).in("requester " + one_line(teleport_user, 120));
        if (!is_refusal(failed.kind())) {
            co_return failed;
        }
        // The approvers' messages don't fail with it.
        out_.warning("requester_not_looked_up", {{"reason", failed.text()}});
        co_return std::optional<access::address>();
    }
    if (chat->empty()) {
        co_return std::optional<access::address>();
    }
    co_return std::optional<access::address>(*chat);
}

awaitable<result<access::message_ref>>
msteams_service::send(std::string conversation, std::string below, json::object activity) {
    const std::string thread = below.empty() ? conversation : conversation + ";messageid=" + below;
    call posting(audience::bot, ports::http_method::post, "conversations/" + in_url(thread) + "/activities");
    posting.body = std::move(activity);
    posting.posts = true;
    posting.conversation = conversation;
    const result<json::object> reply = co_await api_.ask(std::move(posting));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const std::string id(text_of(*reply, "id"));
    if (id.empty()) {
        fault lost(fault_kind::transient, "Teams bot POST activities: the answer doesn't name the message");
        lost.set_uncertain(true);
        co_return lost;
    }
    co_return access::message_ref(conversation, id);
}

json::object
msteams_service::card_activity(const access::card& shown, const access::delivery_key& key) const {
    if (desk_ == nullptr || !is_decidable(shown)) {
        return message_activity(adaptive_card(shown), summary_of(shown), key, api_.config().app_id);
    }
    const decision_form form =
        form_for(shown, desk_->rules(), prove(api_.config().app_secret, shown.request_id));
    return message_activity(adaptive_card(shown, &form), summary_of(shown), key, api_.config().app_id);
}

awaitable<result<access::message_ref>>
msteams_service::post(access::address to, access::card shown, access::delivery_key key) {
    return send(std::move(to.id), "", card_activity(shown, key));
}

awaitable<result<std::string>> msteams_service::conversation_of(std::string place) {
    if (is_conversation(place)) {
        co_return place;
    }
    const result<access::address> found = co_await resolve(std::move(place));
    if (found.has_error()) {
        co_return found.error();
    }
    co_return found->id;
}

awaitable<result<void>> msteams_service::update(access::message_ref message, access::card shown) {
    const access::delivery_key key(shown.request_id, "card");
    const result<std::string> place = co_await conversation_of(std::move(message.conversation));
    if (place.has_error()) {
        co_return place.error();
    }
    call editing(
        audience::bot, ports::http_method::put,
        "conversations/" + in_url(*place) + "/activities/" + in_url(message.id)
    );
    editing.body = card_activity(shown, key);
    editing.body->emplace("id", message.id);
    editing.conversation = *place;
    const result<json::object> reply = co_await api_.ask(std::move(editing));
    if (reply.has_error()) {
        co_return reply.error();
    }
    co_return result<void>();
}

awaitable<result<access::message_ref>> msteams_service::reply(
    access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
) {
    if (index >= shown.reviews.size()) {
        co_return fault(
            fault_kind::bug, "a reply for review " + std::to_string(index) + ", which isn't there"
        );
    }
    const result<std::string> place = co_await conversation_of(std::move(message.conversation));
    if (place.has_error()) {
        co_return place.error();
    }
    const access::review& one = shown.reviews[index];
    json::object activity = message_activity(
        review_card(shown, index), one.author + ": " + std::string(access::to_string(one.proposed)), key,
        api_.config().app_id
    );
    std::string below = is_channel(*place) ? message.id : std::string();
    auto sent = co_await send(*place, std::move(below), std::move(activity));
    co_return sent;
}

awaitable<result<access::message_ref>>
msteams_service::tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) {
    json::object activity = message_activity(
        outcome_card(shown), "Your request is " + std::string(access::to_string(shown.state)), key,
        api_.config().app_id
    );
    const result<std::string> place = co_await conversation_of(std::move(message.conversation));
    if (place.has_error()) {
        co_return place.error();
    }
    auto sent = co_await send(*place, "", std::move(activity));
    co_return sent;
}

awaitable<result<std::optional<access::message_ref>>>
msteams_service::find(access::address, access::message_ref, access::delivery_key, instant) {
    co_return fault(fault_kind::unsupported, "Teams: the bot connector doesn't list messages");
}

awaitable<result<std::string>> msteams_service::uninstall(std::string recipient) {
    const std::string wanted(trimmed(recipient));
    if (wanted.starts_with("https://")) {
        co_return std::string("a channel: take the app out of the team in Teams");
    }
    if (!is_good_name(wanted)) {
        co_return fault(fault_kind::not_found, named(wanted) + ": nobody's address");
    }
    const result<std::optional<std::string>> user = co_await find_user(wanted);
    if (user.has_error()) {
        co_return user.error().in(named(wanted));
    }
    if (!user->has_value()) {
        co_return fault(fault_kind::not_found, named(wanted) + ": the tenant has nobody of that name");
    }
    const result<bool> taken = co_await directory_.uninstall(**user);
    if (taken.has_error()) {
        co_return taken.error().in(named(wanted));
    }
    co_return std::string(*taken ? "the app is taken away" : "the app was not there");
}

std::vector<ports::callback_route> msteams_service::take_decisions(ports::decision_desk& desk) {
    desk_ = &desk;
    callbacks_ = std::make_unique<review_callbacks>(
        http_, api_, directory_, time_, out_, desk,
        [this](std::string user_id, std::string request_id, std::string words) {
            return tell(std::move(user_id), std::move(request_id), std::move(words));
        }
    );
    return {callbacks_->route()};
}

awaitable<result<void>>
msteams_service::tell(std::string user_id, std::string request_id, std::string words) {
    const result<std::string> chat = co_await directory_.chat_with(std::move(user_id));
    if (chat.has_error()) {
        co_return chat.error();
    }
    const access::delivery_key key(std::move(request_id), "decision");
    json::object activity = message_activity(text_card(words), words, key, api_.config().app_id);
    const result<access::message_ref> sent = co_await send(*chat, "", std::move(activity));
    co_return sent.has_error() ? result<void>(sent.error()) : result<void>();
}

} // namespace hallpass::services::msteams
