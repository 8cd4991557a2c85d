#include "services/mattermost/client.hpp"

#include "access/routing.hpp"
#include "base/text.hpp"
#include "services/account_of.hpp"
#include "services/mattermost/ids.hpp"
#include "services/mattermost/messages.hpp"
#include "services/mattermost/replies.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace hallpass::services::mattermost {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::size_t most_remembered = 4096;
constexpr std::size_t name_bytes = 64; // of a team or a channel

// As URLs have it: never "..", which would lead elsewhere.
bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= name_bytes && text.front() != '.' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
           });
}

fault unknown_recipient(std::string_view wanted, std::string_view why) {
    return fault(fault_kind::not_found, "recipient \"" + one_line(wanted, 120) + "\": " + std::string(why));
}

} // namespace

mattermost_service::mattermost_service(mattermost_config config, ports::service_environment environment)
    : out_(environment.out),
      time_(environment.time),
      people_(environment.people),
      recipients_(std::exchange(config.recipients, std::nullopt)),
      public_addr_(environment.public_addr),
      seal_(seal_of(config.action_secret, config.token)),
      api_(environment.http, std::move(config)),
      directory_(api_, environment.time),
      history_(api_, environment.time) {}

awaitable<result<std::string>> mattermost_service::read_identity() {
    call asked(ports::http_method::get, "users/me");
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const std::string_view id = text_of(*reply, "id");
    if (!is_id(id)) {
        co_return fault(fault_kind::transient, "Mattermost GET users/me: the answer names no user");
    }
    me_ = id;
    co_return one_line(text_of(*reply, "username"), 80) + " (" + me_ + ")";
}

awaitable<result<std::string>> mattermost_service::check() {
    result<std::string> said = co_await read_identity();
    if (said.has_value()) {
        co_await read_offer();
    }
    co_return said;
}

// Servers whose database was made long ago take less, and older ones know no blocks. What isn't told, is the
// least.
awaitable<void> mattermost_service::read_offer() {
    call asked(ports::http_method::get, "config/client");
    asked.query = "?format=old";
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        out_.debug("server_not_asked", {{"reason", reply.error().text()}});
        co_return;
    }
    offers_blocks_ = text_of(*reply, "FeatureFlagMmBlocksEnabled") == "true";
    const std::string_view written = text_of(*reply, "MaxPostSize");
    std::size_t characters = 0;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), characters);
    const bool sound = error == std::errc() && end == written.data() + written.size();
    room_ = sound ? std::clamp(characters, least_room, most_room) : least_room;
}

awaitable<result<std::string>> mattermost_service::own_id() {
    if (me_.empty()) {
        const result<std::string> checked = co_await read_identity();
        if (checked.has_error()) {
            co_return checked.error();
        }
    }
    co_return me_;
}

// Suggested reviewers are told as well, as where [role_to_recipients] says who is (upstream-messaging 5.1).
std::optional<std::vector<std::string>> mattermost_service::recipients(const access::access_request& request
) const {
    if (!recipients_) {
        return std::nullopt;
    }
    access::routing_table table;
    table.role_to_recipients.emplace("*", *recipients_);
    return access::route(request, table).recipients;
}

std::optional<access::address> mattermost_service::mapped(std::string_view person) const {
    const auto account = account_of(person, people_);
    return account ? std::optional(access::address('@' + *account)) : std::nullopt;
}

awaitable<result<access::address>> mattermost_service::resolve(std::string recipient) {
    const std::string wanted(trimmed(recipient));
    if (auto person = mapped(wanted)) {
        co_return *std::move(person);
    }
    if (access::looks_like_email(wanted)) {
        const auto user = co_await directory_.user_by_email(wanted);
        if (user.has_error()) {
            co_return user.error().in("recipient " + one_line(wanted, 120));
        }
        if (!user->has_value()) {
            co_return unknown_recipient(
                wanted,
                "Mattermost tells of nobody with that e-mail address; check it, or name the person in "
                "[mattermost.users]"
            );
        }
        co_return access::address('@' + **user);
    }
    const std::vector<std::string> parts = split(lower_case(wanted), '/');
    if (parts.size() != 2 || !is_name(parts[0]) || !is_name(parts[1])) {
        co_return unknown_recipient(
            wanted, "neither an e-mail address nor \"team/channel\" as their URLs have it; correct it"
        );
    }
    const auto channel = co_await directory_.channel_by_name(parts[0], parts[1]);
    if (channel.has_error()) {
        co_return channel.error().in("recipient " + one_line(wanted, 120));
    }
    if (!channel->has_value()) {
        co_return unknown_recipient(
            wanted, "no such channel; check the names as the channel's URL has them, and that the bot is a "
                    "member of the team and, where the channel is private, of the channel"
        );
    }
    co_return access::address(**channel);
}

awaitable<result<std::optional<access::address>>>
mattermost_service::resolve_requester(std::string teleport_user) {
    if (auto person = mapped(teleport_user)) {
        co_return person;
    }
    if (!access::looks_like_email(teleport_user)) {
        co_return std::optional<access::address>();
    }
    const auto user = co_await directory_.user_by_email(teleport_user);
    if (user.has_error()) {
        const fault failed = user.error().in("requester " + one_line(teleport_user, 120));
        if (failed.kind() != fault_kind::permanent) {
            co_return failed;
        }
        // The bot may not see e-mails, which is no reason to fail the approvers' posts.
        out_.warning("requester_not_looked_up", {{"reason", failed.text()}});
        co_return std::optional<access::address>();
    }
    if (!user->has_value()) {
        co_return std::optional<access::address>();
    }
    co_return std::optional<access::address>(access::address('@' + **user));
}

awaitable<result<std::string>> mattermost_service::channel_of(access::address to) {
    if (!to.id.starts_with('@')) {
        co_return to.id;
    }
    const std::string user = to.id.substr(1);
    const auto known = direct_channels_.find(user);
    if (known != direct_channels_.end()) {
        co_return known->second;
    }
    const result<std::string> me = co_await own_id();
    if (me.has_error()) {
        co_return me.error();
    }
    call asked(ports::http_method::post, "channels/direct");
    asked.body = json::array{*me, user};
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const std::string id(text_of(*reply, "id"));
    if (!is_id(id)) {
        co_return fault(
            fault_kind::transient, "Mattermost POST channels/direct: the answer names no channel"
        );
    }
    if (direct_channels_.size() < most_remembered) {
        direct_channels_.insert_or_assign(user, id);
    }
    co_return id;
}

awaitable<result<access::message_ref>>
mattermost_service::send(std::string channel, json::object post, access::delivery_key key) {
    post["channel_id"] = channel;
    // Nobody else can guess it, and so have the server take another's post for ours.
    post["pending_post_id"] = seal_.mark("post", {key.request_id, key.part, channel});
    call posting(ports::http_method::post, "posts");
    posting.body = std::move(post);
    posting.posts = true;
    const result<json::object> reply = co_await api_.ask(std::move(posting));
    if (reply.has_error()) {
        co_return reply.error().in("to " + channel);
    }
    const std::string id(text_of(*reply, "id"));
    if (!is_id(id)) {
        fault lost(fault_kind::transient, "Mattermost POST posts: the answer doesn't name the post");
        lost.set_uncertain(true);
        co_return lost;
    }
    co_return access::message_ref(channel, id);
}

json::array mattermost_service::buttons(const access::card& shown, const std::string& channel) const {
    return callbacks_ ? callbacks_->buttons(shown, channel) : json::array();
}

std::vector<ports::callback_route> mattermost_service::take_decisions(ports::decision_desk& desk) {
    if (public_addr_.empty()) {
        return {};
    }
    own_place own;
    own.public_addr = public_addr_;
    own.id = [this] { return own_id(); };
    own.direct_channel = [this](std::string user) { return channel_of(access::address('@' + user)); };
    callbacks_ = std::make_unique<review_callbacks>(std::move(own), seal_, api_, time_, out_, desk);
    return callbacks_->routes();
}

awaitable<result<access::message_ref>>
mattermost_service::post(access::address to, access::card shown, access::delivery_key key) {
    const result<std::string> channel = co_await channel_of(std::move(to));
    if (channel.has_error()) {
        co_return channel.error();
    }
    json::object made = card_message(shown, key, buttons(shown, *channel), offers_blocks_);
    auto sent = co_await send(*channel, std::move(made), std::move(key));
    co_return sent;
}

awaitable<result<void>> mattermost_service::update(access::message_ref message, access::card shown) {
    const access::delivery_key key(shown.request_id, "card");
    call editing(ports::http_method::put, "posts/" + encoded(message.id) + "/patch");
    editing.body = card_message(shown, key, buttons(shown, message.conversation), offers_blocks_);
    const result<json::object> reply = co_await api_.ask(std::move(editing));
    if (reply.has_error()) {
        co_return reply.error().in("in " + one_line(message.conversation, 80));
    }
    co_return result<void>();
}

awaitable<result<access::message_ref>> mattermost_service::reply(
    access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
) {
    if (index >= shown.reviews.size()) {
        co_return fault(
            fault_kind::bug, "a reply for review " + std::to_string(index) + ", which isn't there"
        );
    }
    json::object made = review_message(shown, index, key, room_);
    made["root_id"] = message.id;
    auto sent = co_await send(std::move(message.conversation), std::move(made), std::move(key));
    co_return sent;
}

awaitable<result<access::message_ref>>
mattermost_service::tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) {
    json::object made = outcome_message(shown, key, room_);
    return send(std::move(message.conversation), std::move(made), std::move(key));
}

awaitable<result<std::optional<access::message_ref>>> mattermost_service::find(
    access::address to, access::message_ref thread, access::delivery_key key, instant since
) {
    const instant until = time_.now() + longest_look;
    const result<std::string> me = co_await own_id();
    if (me.has_error()) {
        co_return cant_look(me.error());
    }
    std::string channel = thread.conversation;
    if (channel.empty()) {
        const result<std::string> opened = co_await channel_of(std::move(to));
        if (opened.has_error()) {
            co_return cant_look(opened.error());
        }
        channel = *opened;
    }
    sought what{std::move(channel), std::move(key), since, *me};
    auto found = co_await history_.find(std::move(what), until);
    co_return found;
}

} // namespace hallpass::services::mattermost
