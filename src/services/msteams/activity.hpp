// What a person did, read from an activity whose sender is verified (api-messaging 4.4).
#pragma once

#include "access/decision.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::msteams {

inline constexpr std::size_t largest_activity = std::size_t{256} * 1024;

struct person_acting {
    std::string object_id; // in Entra, in small letters
    std::string tenant;    // "" where it isn't said, or two are
};

// An action of one of our cards. What its data says was shown to a client, which may have changed it: `proof`
// tells.
struct card_action {
    std::string id; // of the activity: the same where Microsoft sends it again
    person_acting who;
    std::string request_id;
    std::string proof;
    std::optional<access::verdict> what; // nothing: the client wants the card as it is now
    std::string reason;                  // display text: it goes to Teleport and its audit log
    bool confirmed = false;
};

struct activity {
    std::string channel;
    std::string service_url;
    // Nothing: something else than an action of our cards, or not in the form that ours have.
    std::optional<card_action> action;
};

// Nothing where it is no activity at all.
std::optional<activity> read_activity(std::string_view body);

} // namespace hallpass::services::msteams
