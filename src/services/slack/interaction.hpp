// What a person did, read from a payload that Slack has sent.
#pragma once

#include "access/decision.hpp"
#include "access/message.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace hallpass::services::slack {

inline constexpr std::size_t largest_callback = std::size_t{256} * 1024;

struct actor {
    std::string user;
    std::string user_team; // "" where Slack doesn't say
    std::string team;      // where it was done
};

struct button_click {
    std::string request_id;
    access::verdict what = access::verdict::deny;
    actor who;
    std::string app;
    std::string trigger; // opens one view, within 3 s
    access::message_ref message;
};

// What a form carries from its opening to its sending. Slack keeps it, and its signature covers it.
struct form_facts {
    std::string request_id;
    access::verdict what = access::verdict::deny;
    access::message_ref message;
    bool confirm = false; // the form asks for a confirmation
    std::string link;     // the request's page in the web UI, or ""
};

struct form_sent {
    form_facts about;
    actor who;
    std::string app;
    std::string view;
    std::string reason; // display text: it goes to Teleport and its audit log
    bool confirmed = false;
};

// monostate: not ours, or not in the form that ours have.
using interaction = std::variant<std::monostate, button_click, form_sent>;

interaction read_interaction(const boost::json::object& payload);

// The payload in the body of a callback over HTTPS; nothing where there is none.
std::optional<boost::json::object> read_payload(std::string_view body);

// Kept in a view as text of at most 3,000 bytes; the link is left out where it doesn't fit.
std::string to_private_metadata(const form_facts& facts);

} // namespace hallpass::services::slack
