// What the simulated Discord keeps: people, channels and messages with every version they had; and how it
// refuses.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace hallpass::sandbox {

struct discord_bot {
    std::string token = "discord-sandbox-token";
    std::string id = "1000000000000000001";
    // Not the bot's, as with applications of long ago.
    std::string application_id = "1600000000000000001";
    std::string username = "hallpass";
    std::string application = "Access Requests";
};

struct discord_user {
    std::string id;
    std::string username;
    bool takes_messages = true; // direct ones, from the bot
    bool bot = false;
};

struct discord_version {
    std::string content;
    boost::json::array embeds;
};

struct discord_message {
    std::string id;
    std::string content;
    boost::json::array embeds;
    boost::json::array components;
    std::string nonce;
    std::string reply_to; // the message that it refers to, or ""
    boost::json::object allowed_mentions;
    std::vector<discord_version> earlier; // oldest first
};

struct discord_channel {
    std::string id;
    std::string name;
    std::string recipient; // a direct channel's other side, "" in a server
    // The bot's permissions in it.
    bool may_view = true;
    bool may_send = true;
    bool may_embed = true;
    bool may_read_history = true;
    std::vector<discord_message> messages; // in order of id
};

struct discord_refusal {
    discord_refusal() = default;

    discord_refusal(int status, std::int64_t code, std::string message, boost::json::object errors = {})
        : status(status), code(code), message(std::move(message)), errors(std::move(errors)) {}

    int status = 400;
    std::int64_t code = 0;
    std::string message;
    boost::json::object errors; // which part of a form is wrong
};

template <class T>
using discord_outcome = boost::system::result<T, discord_refusal>;

[[noreturn]] void
throw_exception_from_error(const discord_refusal& error, const boost::source_location& where);

} // namespace hallpass::sandbox
