// What Slack sends over a connection of Socket Mode, and what it is answered (api-messaging 1.7).
#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace hallpass::services::slack {

// Refused before it is parsed, as callbacks over HTTPS are.
inline constexpr std::size_t largest_socket_message = std::size_t{256} * 1024;

struct socket_hello {
    std::string app; // "" where Slack doesn't say
    std::size_t connections = 0;
};

enum class socket_parting {
    moving,  // to another connection, which we are to open: "warning", "refresh_requested"
    disabled // Socket Mode has been switched off
};

struct socket_envelope {
    std::string id;
    bool interactive = false;   // a click or a form; anything else is only acknowledged
    bool takes_payload = false; // with its acknowledgement
    boost::json::object payload;
};

// monostate: malformed, or of a kind that isn't known.
using socket_message = std::variant<std::monostate, socket_hello, socket_parting, socket_envelope>;

socket_message read_socket_message(std::string_view text);

// `answer`: the JSON that goes with it, or "".
std::string acknowledgement(std::string_view envelope_id, std::string_view answer = {});

} // namespace hallpass::services::slack
