#include "services/discord/client.hpp"

#include "access/routing.hpp"
#include "base/text.hpp"
#include "services/account_of.hpp"
#include "services/discord/messages.hpp"
#include "services/discord/replies.hpp"
#include "services/discord/snowflake.hpp"

#include <random>
#include <utility>

namespace hallpass::services::discord {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::size_t most_remembered = 4096;

bool has_embeds(const json::object& message) {
    const json::value* embeds = message.if_contains("embeds");
    return embeds && embeds->is_array() && !embeds->get_array().empty();
}

fault unknown_recipient(const std::string& wanted) {
    const std::string who = "recipient \"" + one_line(wanted, 120) + "\": ";
    if (access::looks_like_email(wanted)) {
        return fault(
            fault_kind::not_found, who + "Discord doesn't tell who has an e-mail address; add a line for it "
                                         "with the person's Discord id to [discord.users]"
        );
    }
    return fault(
        fault_kind::not_found, who + "neither a channel's id, as \"Copy Channel ID\" gives it, nor one of "
                                     "[discord.users]; correct it"
    );
}

} // namespace

discord_service::discord_service(discord_config config, ports::service_environment environment)
    : out_(environment.out),
      time_(environment.time),
      people_(environment.people),
      application_(config.application_id),
      public_key_(config.public_key),
      by_gateway_(config.gateway),
      api_url_(config.api_url),
      token_(config.token),
      sockets_(environment.sockets),
      api_(environment.http, std::move(config)),
      history_(api_, environment.time) {}

std::vector<ports::callback_route> discord_service::take_decisions(ports::decision_desk& desk) {
    if (application_.empty() || (by_gateway_ ? sockets_ == nullptr : public_key_.empty())) {
        return {};
    }
    answers_ = std::make_unique<interaction_answers>(application_, api_, time_, out_, desk);
    if (by_gateway_) {
        interactions_ =
            std::make_unique<gateway_interactions>(application_, *answers_, api_, time_, out_, desk);
        gateway_surroundings around{*sockets_, api_, api_url_, time_, out_, *interactions_};
        gateway_ = std::make_unique<gateway>(std::move(around), token_, std::random_device{}());
        desk.listen("discord gateway", gateway_->run());
        return {};
    }
    callbacks_ = std::make_unique<review_callbacks>(public_key_, *answers_, time_, out_);
    return {callbacks_->route()};
}

awaitable<result<json::object>> discord_service::read_identity() {
    call asked(ports::http_method::get, "users/@me");
    result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const std::string id(text_of(*reply, "id"));
    if (id.empty()) {
        co_return fault(fault_kind::transient, "Discord GET users/@me: the answer names no user");
    }
    me_ = id;
    co_return reply;
}

awaitable<result<std::string>> discord_service::check() {
    const result<json::object> me = co_await read_identity();
    if (me.has_error()) {
        co_return me.error();
    }
    call asked(ports::http_method::get, "applications/@me");
    const result<json::object> application = co_await api_.ask(std::move(asked));
    if (application.has_error()) {
        co_return application.error();
    }
    compare_with(*application);
    const std::string who = one_line(text_of(*me, "username"), 80) + " (" + one_line(text_of(*me, "id"), 30) +
                            ") of the application " + one_line(text_of(*application, "name"), 80);
    if (!by_gateway_) {
        co_return who;
    }
    const result<std::string> limit = co_await check_gateway();
    if (limit.has_error()) {
        co_return limit.error();
    }
    co_return who + "; " + *limit;
}

awaitable<result<std::string>> discord_service::check_gateway() {
    const result<gateway_info> info = co_await ask_for_gateway(api_, api_url_);
    if (info.has_error()) {
        co_return info.error();
    }
    co_return "the Gateway has " + std::to_string(info->limit.remaining) + " of " +
        std::to_string(info->limit.total) + " sessions left for today";
}

void discord_service::compare_with(const json::object& application) const {
    const std::string_view id = text_of(application, "id");
    const auto key = read_hex(text_of(application, "verify_key"), public_key_bytes);
    const bool of_another = !application_.empty() && !id.empty() && id != application_;
    if (of_another || (!public_key_.empty() && key && *key != public_key_)) {
        out_.warning(
            "discord_application_differs",
            {{"of_the_token", one_line(id, 30)},
             {"mend", "put the Application ID and the Public Key of the same app that the token is of into "
                      "discord.application_id and discord.public_key, or all its callbacks are refused"}}
        );
    }
    if (by_gateway_ && !text_of(application, "interactions_endpoint_url").empty()) {
        out_.warning(
            "discord_calls_an_endpoint",
            {{"mend", "remove the Interactions Endpoint URL under \"General Information\" in the Developer "
                      "Portal, or no click comes over the Gateway"}}
        );
    }
}

std::optional<access::address> discord_service::mapped(std::string_view person) const {
    const auto account = account_of(person, people_);
    return account ? std::optional(access::address('@' + *account)) : std::nullopt;
}

awaitable<result<access::address>> discord_service::resolve(std::string recipient) {
    const std::string wanted(trimmed(recipient));
    if (auto person = mapped(wanted)) {
        co_return *std::move(person);
    }
    if (is_snowflake(wanted)) {
        co_return access::address(wanted);
    }
    co_return unknown_recipient(wanted);
}

awaitable<result<std::optional<access::address>>> discord_service::resolve_requester(std::string teleport_user
) {
    co_return mapped(teleport_user);
}

awaitable<result<std::string>> discord_service::channel_of(access::address to) {
    if (!to.id.starts_with('@')) {
        co_return to.id;
    }
    const std::string user = to.id.substr(1);
    const auto known = direct_channels_.find(user);
    if (known != direct_channels_.end()) {
        co_return known->second;
    }
    call asked(ports::http_method::post, "users/@me/channels");
    asked.body.emplace();
    asked.body->emplace("recipient_id", user);
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const std::string id(text_of(*reply, "id"));
    if (id.empty()) {
        co_return fault(
            fault_kind::transient, "Discord POST users/@me/channels: the answer names no channel"
        );
    }
    if (direct_channels_.size() < most_remembered) {
        direct_channels_.insert_or_assign(user, id);
    }
    co_return id;
}

void discord_service::notice_dropped_embeds(
    const std::string& channel, bool sent_any, const json::object& posted
) {
    if (!sent_any || has_embeds(posted) || told_of_embeds_.size() >= most_remembered) {
        return;
    }
    if (told_of_embeds_.insert(channel).second) {
        out_.warning(
            "discord_embeds_dropped",
            {{"channel", channel},
             {"mend", "give the bot's role Embed Links in the channel, or reasons and roles are not shown"}}
        );
    }
}

awaitable<result<access::message_ref>>
discord_service::send(std::string channel, json::object message, access::delivery_key key) {
    mark_message(message, key);
    const bool with_embeds = has_embeds(message);
    message["nonce"] = nonce_of(key, channel);
    message["enforce_nonce"] = true;
    call posting(ports::http_method::post, "channels/" + channel + "/messages");
    posting.body = std::move(message);
    posting.posts = true;
    const result<json::object> reply = co_await api_.ask(std::move(posting));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const std::string id(text_of(*reply, "id"));
    if (id.empty()) {
        fault lost(
            fault_kind::transient,
            "Discord POST channels/" + channel + "/messages: the answer doesn't name the message"
        );
        lost.set_uncertain(true);
        co_return lost;
    }
    notice_dropped_embeds(channel, with_embeds, *reply);
    co_return access::message_ref(channel, id);
}

awaitable<result<access::message_ref>>
discord_service::post(access::address to, access::card shown, access::delivery_key key) {
    const result<std::string> channel = co_await channel_of(std::move(to));
    if (channel.has_error()) {
        co_return channel.error();
    }
    json::object message = card_message(shown, answers_ != nullptr);
    auto sent = co_await send(*channel, std::move(message), std::move(key));
    co_return sent;
}

awaitable<result<void>> discord_service::update(access::message_ref message, access::card shown) {
    const access::delivery_key key(shown.request_id, "card");
    call editing(ports::http_method::patch, "channels/" + message.conversation + "/messages");
    editing.below = '/' + message.id;
    editing.body = card_message(shown, answers_ != nullptr);
    mark_message(*editing.body, key);
    const result<json::object> reply = co_await api_.ask(std::move(editing));
    if (reply.has_error()) {
        co_return reply.error();
    }
    notice_dropped_embeds(message.conversation, true, *reply);
    co_return result<void>();
}

awaitable<result<access::message_ref>> discord_service::reply(
    access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
) {
    if (index >= shown.reviews.size()) {
        co_return fault(
            fault_kind::bug, "a reply for review " + std::to_string(index) + ", which isn't there"
        );
    }
    json::object body = review_message(shown, index);
    body["message_reference"] = json::object{{"message_id", message.id}};
    body.at("allowed_mentions").as_object()["replied_user"] = false;
    auto sent = co_await send(std::move(message.conversation), std::move(body), std::move(key));
    co_return sent;
}

awaitable<result<access::message_ref>>
discord_service::tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) {
    json::object body = outcome_message(shown);
    return send(std::move(message.conversation), std::move(body), std::move(key));
}

awaitable<result<std::optional<access::message_ref>>> discord_service::find(
    access::address to, access::message_ref thread, access::delivery_key key, instant since
) {
    const instant until = time_.now() + longest_look;
    if (me_.empty()) {
        const result<json::object> checked = co_await read_identity();
        if (checked.has_error()) {
            co_return cant_look(checked.error());
        }
    }
    std::string channel = thread.conversation;
    if (channel.empty()) {
        const result<std::string> opened = co_await channel_of(std::move(to));
        if (opened.has_error()) {
            co_return cant_look(opened.error());
        }
        channel = *opened;
    }
    sought what{std::move(channel), std::move(thread.id), std::move(key), since, me_};
    auto found = co_await history_.find(std::move(what), until);
    co_return found;
}

} // namespace hallpass::services::discord
