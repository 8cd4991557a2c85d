#include "sandbox/slack_methods.hpp"

#include "base/text.hpp"
#include "sandbox/slack_answers.hpp"

#include <map>
#include <string_view>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

using method = json::object (*)(slack_state&, const slack_arguments&);

json::object refuse(const slack_refusal& why) {
    return slack_error(why.error, why.detail);
}

json::object auth_test(slack_state& slack, const slack_arguments&) {
    const slack_bot& bot = slack.bot();
    return {
        {"ok", true},
        {"url", "https://sandbox.slack.com/"},
        {"team", "Sandbox"},
        {"user", "hallpass"},
        {"team_id", bot.team_id},
        {"user_id", bot.user_id},
        {"bot_id", bot.bot_id},
        {"is_enterprise_install", false}};
}

json::object bots_info(slack_state& slack, const slack_arguments& arguments) {
    const slack_bot& bot = slack.bot();
    if (arguments.text("bot") != bot.bot_id) {
        return slack_error("bot_not_found");
    }
    json::object shown{
        {"id", bot.bot_id},
        {"deleted", false},
        {"name", "hallpass"},
        {"app_id", bot.app_id},
        {"user_id", bot.user_id}};
    return {{"ok", true}, {"bot", std::move(shown)}};
}

json::object users_lookup_by_email(slack_state& slack, const slack_arguments& arguments) {
    const auto user = slack.user_by_email(arguments.text("email"));
    return user ? json::object{{"ok", true}, {"user", to_json(*user)}} : slack_error("users_not_found");
}

json::object users_info(slack_state& slack, const slack_arguments& arguments) {
    const auto user = slack.user_by_id(arguments.text("user"));
    return user ? json::object{{"ok", true}, {"user", to_json(*user)}} : slack_error("user_not_found");
}

json::object conversations_open(slack_state& slack, const slack_arguments& arguments) {
    const auto users = split(arguments.text("users"), ',');
    if (users.empty()) {
        return slack_error("not_enough_users");
    }
    if (users.size() > 1) {
        return slack_error("method_not_supported", "the sandbox opens conversations with one person only");
    }
    const auto opened = slack.open_conversation(std::string(trimmed(users.front())));
    if (!opened) {
        return refuse(opened.error());
    }
    return {{"ok", true}, {"channel", json::object{{"id", *opened}}}};
}

json::object conversations_info(slack_state& slack, const slack_arguments& arguments) {
    const auto channel = slack.channel(arguments.text("channel"));
    return channel ? json::object{{"ok", true}, {"channel", to_json(*channel)}}
                   : slack_error("channel_not_found");
}

json::object chat_post_message(slack_state& slack, const slack_arguments& arguments) {
    slack_post wanted;
    wanted.channel = arguments.text("channel");
    wanted.text = arguments.text("text");
    wanted.thread_ts = arguments.text("thread_ts");
    if (arguments.has("blocks")) {
        auto blocks = arguments.list("blocks");
        if (!blocks) {
            return slack_error("invalid_blocks_format");
        }
        wanted.blocks = *std::move(blocks);
    }
    if (arguments.has("metadata")) {
        auto metadata = arguments.object("metadata");
        if (!metadata) {
            return slack_error("invalid_metadata_format");
        }
        wanted.metadata = *std::move(metadata);
    }
    const auto posted = slack.post(std::move(wanted));
    if (!posted) {
        return refuse(posted.error());
    }
    return {
        {"ok", true},
        {"channel", posted->channel},
        {"ts", posted->message.ts},
        {"message", to_json(posted->message, slack.bot(), true)}};
}

json::object chat_post_ephemeral(slack_state& slack, const slack_arguments& arguments) {
    slack_post wanted;
    wanted.channel = arguments.text("channel");
    wanted.text = arguments.text("text");
    wanted.thread_ts = arguments.text("thread_ts");
    wanted.ephemeral_for = arguments.text("user");
    if (wanted.ephemeral_for.empty()) {
        return slack_error("invalid_arguments", "user is needed");
    }
    wanted.blocks = arguments.list("blocks").value_or(json::array{});
    const auto posted = slack.post(std::move(wanted));
    if (!posted) {
        return refuse(posted.error());
    }
    return {{"ok", true}, {"message_ts", posted->message.ts}};
}

json::object chat_update(slack_state& slack, const slack_arguments& arguments) {
    slack_edit wanted;
    wanted.channel = arguments.text("channel");
    wanted.ts = arguments.text("ts");
    if (arguments.has("text")) {
        wanted.text = arguments.text("text");
    }
    if (arguments.has("blocks")) {
        wanted.blocks = arguments.list("blocks");
        if (!wanted.blocks) {
            return slack_error("invalid_blocks_format");
        }
    }
    if (arguments.has("metadata")) {
        wanted.metadata = arguments.object("metadata");
        if (!wanted.metadata) {
            return slack_error("invalid_metadata_format");
        }
    }
    const auto edited = slack.edit(std::move(wanted));
    if (!edited) {
        return refuse(edited.error());
    }
    return {
        {"ok", true},
        {"channel", edited->channel},
        {"ts", edited->message.ts},
        {"text", edited->message.text},
        {"message", to_json(edited->message, slack.bot(), true)}};
}

json::object chat_get_permalink(slack_state& slack, const slack_arguments& arguments) {
    const auto channel = slack.channel(arguments.text("channel"));
    if (!channel) {
        return slack_error("channel_not_found");
    }
    const std::string ts = arguments.text("message_ts");
    for (const slack_message& message : channel->messages) {
        if (message.ts == ts) {
            std::string digits = ts;
            std::erase(digits, '.');
            return {
                {"ok", true},
                {"channel", channel->id},
                {"permalink", "https://sandbox.slack.com/archives/" + channel->id + "/p" + digits}};
        }
    }
    return slack_error("message_not_found");
}

json::object shown(const slack_outcome<slack_view>& done) {
    return done ? json::object{{"ok", true}, {"view", done->shown}} : refuse(done.error());
}

json::object views_open(slack_state& slack, const slack_arguments& arguments) {
    auto view = arguments.object("view");
    if (!view) {
        return slack_error("invalid_arguments", "view is not an object");
    }
    return shown(slack.dialogs().open(arguments.text("trigger_id"), *std::move(view)));
}

json::object views_update(slack_state& slack, const slack_arguments& arguments) {
    auto view = arguments.object("view");
    if (!view) {
        return slack_error("invalid_arguments", "view is not an object");
    }
    return shown(slack.dialogs().update(arguments.text("view_id"), arguments.text("hash"), *std::move(view)));
}

const std::map<std::string_view, method> methods{
    {"auth.test", auth_test},
    {"bots.info", bots_info},
    {"users.lookupByEmail", users_lookup_by_email},
    {"users.info", users_info},
    {"conversations.open", conversations_open},
    {"conversations.list", answer_conversations_list},
    {"conversations.info", conversations_info},
    {"conversations.history", answer_conversations_history},
    {"conversations.replies", answer_conversations_replies},
    {"chat.postMessage", chat_post_message},
    {"chat.postEphemeral", chat_post_ephemeral},
    {"chat.update", chat_update},
    {"chat.getPermalink", chat_get_permalink},
    {"views.open", views_open},
    {"views.update", views_update},
};

} // namespace

json::object slack_error(const std::string& code, const std::string& detail) {
    json::object body{{"ok", false}, {"error", code}};
    if (!detail.empty()) {
        body["response_metadata"] = {{"messages", json::array{"[ERROR] " + detail}}};
    }
    return body;
}

json::object answer_slack_call(slack_state& slack, const slack_call& call) {
    const auto found = methods.find(call.method);
    if (found == methods.end()) {
        return slack_error("unknown_method");
    }
    std::string error;
    const auto arguments = slack_arguments::read(call, error);
    if (!arguments) {
        return slack_error(error);
    }
    constexpr std::string_view bearer = "Bearer ";
    const std::string token = call.authorization.starts_with(bearer)
                                  ? call.authorization.substr(bearer.size())
                                  : arguments->text("token");
    if (token.empty()) {
        return slack_error("not_authed");
    }
    if (token == slack.bot().app_token) {
        return slack_error("not_allowed_token_type");
    }
    if (token != slack.bot().token) {
        return slack_error("invalid_auth");
    }
    return found->second(slack, *arguments);
}

} // namespace hallpass::sandbox
