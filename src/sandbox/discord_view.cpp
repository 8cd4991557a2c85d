#include "sandbox/discord_view.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

json::object view(const discord_message& message) {
    json::array earlier;
    for (const discord_version& version : message.earlier) {
        earlier.push_back(json::object{{"content", version.content}, {"embeds", version.embeds}});
    }
    return {
        {"id", message.id},
        {"content", message.content},
        {"embeds", message.embeds},
        {"components", message.components},
        {"nonce", message.nonce},
        {"reply_to", message.reply_to},
        {"allowed_mentions", message.allowed_mentions},
        {"earlier", std::move(earlier)}};
}

} // namespace

json::object view_discord(const discord_state& discord) {
    json::array users;
    for (const discord_user& user : discord.users()) {
        users.push_back(json::object{
            {"id", user.id},
            {"username", user.username},
            {"takes_messages", user.takes_messages},
            {"bot", user.bot}});
    }
    json::array channels;
    for (const discord_channel& channel : discord.channels()) {
        json::array messages;
        for (const discord_message& message : channel.messages) {
            messages.push_back(view(message));
        }
        channels.push_back(json::object{
            {"id", channel.id},
            {"name", channel.name},
            {"recipient", channel.recipient},
            {"messages", std::move(messages)}});
    }
    return {{"bot", discord.bot().id}, {"users", std::move(users)}, {"channels", std::move(channels)}};
}

} // namespace hallpass::sandbox
