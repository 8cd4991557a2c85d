#include "sandbox/discord_json.hpp"

namespace hallpass::sandbox {

namespace json = boost::json;

json::object to_json(const discord_bot& bot) {
    return {
        {"id", bot.id},
        {"username", bot.username},
        {"discriminator", "0"},
        {"avatar", nullptr},
        {"bot", true}};
}

json::object to_json(const discord_user& user) {
    json::object made{
        {"id", user.id},
        {"username", user.username},
        {"discriminator", "0"},
        {"avatar", nullptr},
        {"global_name", nullptr}};
    if (user.bot) {
        made["bot"] = true;
    }
    return made;
}

json::object to_json(const discord_message& message, const std::string& channel, const discord_bot& bot) {
    json::object made{{"id", message.id},           {"channel_id", channel},    {"author", to_json(bot)},
                      {"content", message.content}, {"embeds", message.embeds}, {"nonce", message.nonce}};
    made["type"] = message.reply_to.empty() ? 0 : 19;
    made["components"] = message.components;
    if (!message.reply_to.empty()) {
        made["message_reference"] = {{"message_id", message.reply_to}, {"channel_id", channel}};
    }
    return made;
}

} // namespace hallpass::sandbox
