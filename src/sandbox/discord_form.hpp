// A message as a call brings it, and Discord's limits on it (api-messaging 2.1): what is over them is
// refused.
#pragma once

#include "sandbox/discord_types.hpp"

#include <optional>

namespace hallpass::sandbox {

struct discord_form {
    std::optional<std::string> content;
    std::optional<boost::json::array> embeds;
    std::optional<boost::json::array> components;
    boost::json::object allowed_mentions;
    std::string nonce;
    bool enforce_nonce = false;
    std::string reply_to;
};

discord_outcome<discord_form> read_discord_form(const boost::json::object& body);

} // namespace hallpass::sandbox
