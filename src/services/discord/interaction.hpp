// What a person did, read from an interaction that is proved to come from Discord (api-messaging 2.3).
#pragma once

#include "access/decision.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace hallpass::services::discord {

inline constexpr std::size_t largest_callback = std::size_t{256} * 1024;

struct button_click {
    std::string request_id;
    access::verdict what = access::verdict::deny;
    access::account person;
};

// What a form carries from its opening to its sending, in its custom_id. Discord keeps it.
struct form_facts {
    std::string request_id;
    access::verdict what = access::verdict::deny;
    bool confirm = false; // the form asks for a confirmation
};

struct form_sent {
    form_facts about;
    access::account person;
    std::string reason; // display text: it goes to Teleport and its audit log
    bool confirmed = false;
    std::string token; // a secret: changes the answer to this interaction, for 15 minutes
};

struct ping {};

// monostate: not ours, or not in the form that ours have.
using interaction = std::variant<std::monostate, ping, button_click, form_sent>;

// Nothing where it isn't a JSON object of a size that Discord sends.
std::optional<boost::json::object> read_payload(std::string_view body);

interaction read_interaction(const boost::json::object& payload);

// What an interaction is answered by: a secret that fits into a path.
bool is_interaction_token(std::string_view text);

// Whether it is on something that hallpass made: it may be in a form of before.
bool names_ours(const boost::json::object& payload);

// Whether an interaction is for the application of this id.
bool is_for(const boost::json::object& payload, std::string_view application);

std::string button_custom_id(access::verdict what, std::string_view request_id);
std::string form_custom_id(const form_facts& facts);

} // namespace hallpass::services::discord
