#include "services/slack/client.hpp"

#include "access/routing.hpp"
#include "base/text.hpp"
#include "services/slack/messages.hpp"
#include "services/slack/replies.hpp"

#include <utility>

namespace hallpass::services::slack {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::size_t channel_bytes = 255;
// For a callback, which has 2 s in all.
constexpr std::chrono::milliseconds longest_introduction{800};

// The text and the blocks are final: Slack is to find no names and links of its own in them.
void leave_as_it_is(json::object& message) {
    message["parse"] = "none";
    message["link_names"] = false;
}

void hide_previews(json::object& message) {
    message["unfurl_links"] = false;
    message["unfurl_media"] = false;
}

} // namespace

slack_service::slack_service(slack_config config, ports::service_environment environment)
    : out_(environment.out),
      time_(environment.time),
      sockets_(environment.sockets),
      signing_secret_(std::exchange(config.signing_secret, secret())),
      api_(environment.http, environment.out, std::move(config)),
      directory_(api_, environment.time),
      history_(api_, environment.time) {}

awaitable<result<json::object>> slack_service::read_identity(std::chrono::milliseconds deadline) {
    json::object nothing;
    result<json::object> reply = co_await api_.call("auth.test", std::move(nothing), deadline);
    if (reply.has_value()) {
        identity found;
        found.user_id = text_of(*reply, "user_id");
        found.bot_id = text_of(*reply, "bot_id");
        found.team_id = text_of(*reply, "team_id");
        me_ = std::move(found);
    }
    co_return reply;
}

awaitable<own_place> slack_service::find_self() {
    if (!me_ || me_->team_id.empty()) {
        const result<json::object> reply = co_await read_identity(longest_introduction);
        if (reply.has_error()) {
            out_.warning("workspace_not_known", {{"reason", reply.error().text()}});
        }
    }
    own_place found;
    found.team = me_ ? me_->team_id : std::string();
    found.app = app_;
    co_return found;
}

// auth.test doesn't say it. While it isn't known it isn't compared, and Socket Mode tells it as well.
awaitable<void> slack_service::learn_app() {
    query parameters;
    parameters.emplace_back("bot", me_->bot_id);
    const result<json::object> reply = co_await api_.get("bots.info", std::move(parameters));
    if (reply.has_error()) {
        out_.debug("app_not_known", {{"reason", reply.error().text()}});
        co_return;
    }
    app_ = text_of(object_of(*reply, "bot"), "app_id");
}

bool slack_service::is_own_app(const std::string& app) {
    if (app_.empty()) {
        app_ = app;
    }
    return app_ == app;
}

std::vector<ports::callback_route> slack_service::take_decisions(ports::decision_desk& desk) {
    const bool called = !signing_secret_.empty();
    const bool calling = sockets_ != nullptr && api_.takes_connections();
    if (!called && !calling) {
        return {};
    }
    callbacks_ =
        std::make_unique<review_callbacks>(std::move(signing_secret_), api_, time_, out_, desk, [this] {
            return find_self();
        });
    if (calling) {
        socket_surroundings around{*sockets_, api_, time_, out_, desk, *callbacks_, {}};
        around.is_own_app = [this](const std::string& app) { return is_own_app(app); };
        connections_ = std::make_unique<socket_mode>(std::move(around));
        connections_->listen();
    }
    return called ? std::vector<ports::callback_route>{callbacks_->route()}
                  : std::vector<ports::callback_route>();
}

awaitable<result<std::string>> slack_service::check() {
    const result<json::object> reply = co_await read_identity();
    if (reply.has_error()) {
        co_return reply.error();
    }
    std::string as = one_line(text_of(*reply, "user"), 80) + " in " + one_line(text_of(*reply, "team"), 80) +
                     " (" + one_line(text_of(*reply, "url"), 120) + ")";
    if (callbacks_ && app_.empty() && !me_->bot_id.empty()) {
        co_await learn_app();
    }
    if (connections_) {
        const result<std::string> address = co_await api_.connection_address();
        if (address.has_error()) {
            co_return address.error();
        }
        as += ", and Socket Mode takes connections";
    }
    co_return as;
}

awaitable<result<access::address>> slack_service::resolve(std::string recipient) {
    const std::string wanted(trimmed(recipient));
    if (access::looks_like_email(wanted)) {
        const auto user = co_await directory_.user_by_email(wanted);
        if (user.has_error()) {
            co_return user.error().in("recipient " + wanted);
        }
        if (!user->has_value()) {
            co_return fault(
                fault_kind::not_found,
                "recipient " + one_line(wanted, 120) + ": Slack knows nobody by that e-mail address; check it"
            );
        }
        co_return access::address(**user);
    }
    const std::string channel = wanted.starts_with('#') ? wanted.substr(1) : wanted;
    const bool sound = !channel.empty() && channel.size() <= channel_bytes &&
                       one_line(channel, 300) == channel &&
                       channel.find_first_of(" ,@#") == std::string::npos;
    if (!sound) {
        co_return fault(
            fault_kind::not_found, "recipient \"" + one_line(wanted, 120) +
                                       "\": neither an e-mail address nor a channel's name or id; correct it"
        );
    }
    co_return access::address(is_id(channel) ? channel : lower_case(channel));
}

awaitable<result<std::optional<access::address>>> slack_service::resolve_requester(std::string teleport_user
) {
    if (!access::looks_like_email(teleport_user)) {
        co_return std::optional<access::address>();
    }
    const auto user = co_await directory_.user_by_email(teleport_user);
    if (user.has_error()) {
        const fault failed = user.error().in("requester " + one_line(teleport_user, 120));
        if (failed.kind() != fault_kind::unauthorised) {
            co_return failed;
        }
        // Most likely the scope for e-mails is missing, which is no reason to fail the approvers' messages.
        out_.warning("requester_not_looked_up", {{"reason", failed.text()}});
        co_return std::optional<access::address>();
    }
    if (!user->has_value()) {
        co_return std::optional<access::address>();
    }
    co_return std::optional<access::address>(**user);
}

awaitable<result<access::message_ref>> slack_service::send(std::string conversation, json::object message) {
    message["channel"] = conversation;
    leave_as_it_is(message);
    hide_previews(message);
    const result<json::object> reply = co_await api_.post_message(std::move(message));
    if (reply.has_error()) {
        co_return reply.error().in("to " + one_line(conversation, 80));
    }
    const std::string channel(text_of(*reply, "channel"));
    const std::string ts(text_of(*reply, "ts"));
    if (channel.empty() || ts.empty()) {
        fault lost(fault_kind::transient, "Slack chat.postMessage: the answer doesn't name the message");
        lost.set_uncertain(true);
        co_return lost;
    }
    if (!is_id(conversation)) {
        history_.learn(conversation, channel);
    }
    co_return access::message_ref(channel, ts);
}

awaitable<result<access::message_ref>>
slack_service::post(access::address to, access::card shown, access::delivery_key key) {
    json::object message = card_message(shown, callbacks_ != nullptr);
    mark_message(message, key);
    return send(std::move(to.id), std::move(message));
}

awaitable<result<void>> slack_service::update(access::message_ref message, access::card shown) {
    json::object body = card_message(shown, callbacks_ != nullptr);
    const access::delivery_key key(shown.request_id, "card");
    mark_blocks(body, key);
    body["channel"] = message.conversation;
    body["ts"] = message.id;
    leave_as_it_is(body);
    const result<json::object> reply = co_await api_.call("chat.update", std::move(body));
    if (reply.has_error()) {
        co_return reply.error().in("in " + one_line(message.conversation, 80));
    }
    co_return result<void>();
}

awaitable<result<access::message_ref>> slack_service::reply(
    access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
) {
    if (index >= shown.reviews.size()) {
        co_return fault(
            fault_kind::bug, "a reply for review " + std::to_string(index) + ", which isn't there"
        );
    }
    json::object body = review_message(shown, index);
    mark_message(body, key);
    body["thread_ts"] = message.id;
    auto sent = co_await send(std::move(message.conversation), std::move(body));
    co_return sent;
}

awaitable<result<access::message_ref>>
slack_service::tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) {
    json::object body = outcome_message(shown);
    mark_message(body, key);
    return send(std::move(message.conversation), std::move(body));
}

awaitable<result<std::optional<access::message_ref>>>
slack_service::find(access::address to, access::message_ref thread, access::delivery_key key, instant since) {
    while (!me_) {
        const std::unique_ptr<history::question> mine = co_await history_.ask("auth.test");
        if (!mine || me_) {
            continue;
        }
        const result<json::object> checked = co_await read_identity();
        if (checked.has_error()) {
            co_return cant_look(checked.error());
        }
    }
    const instant until = time_.now() + longest_look;
    std::string conversation = thread.conversation;
    if (conversation.empty()) {
        const result<std::string> found = co_await history_.conversation_of(std::move(to), until);
        if (found.has_error()) {
            co_return found.error();
        }
        conversation = *found;
    }
    sought what{std::move(conversation), std::move(thread.id), std::move(key), since};
    const identity me = *me_;
    auto found = co_await history_.find(std::move(what), me);
    co_return found;
}

} // namespace hallpass::services::slack
