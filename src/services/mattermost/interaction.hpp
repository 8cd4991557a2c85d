// What a person did, read from a callback: nothing where it isn't proved to be of a button or a form of ours.
//
// Mattermost signs nothing (api-messaging 3.3). A button's context never leaves the servers, and carries our
// seal over request, verdict, channel and end. Who holds such a context could still name anybody as who
// clicked. But a form opens only for the person in the trigger id, which the Mattermost server has signed and
// verifies; so the trigger must name who is said to have clicked, and then the form's sealed state reaches
// that person alone. It is bound to them, and counts once.
#pragma once

#include "access/card.hpp"
#include "access/decision.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "services/seal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::mattermost {

inline constexpr std::string_view actions_path = "/mattermost/actions";
inline constexpr std::string_view dialog_path = "/mattermost/dialog";
// What is sealed, and the version of its form.
inline constexpr std::string_view button_use = "button 1";
inline constexpr std::string_view form_use = "form 1";
inline constexpr std::size_t largest_callback = std::size_t{64} * 1024;
inline constexpr std::size_t reason_characters = 500;

// Longer ones, which Teleport doesn't make, get no buttons.
inline constexpr std::size_t decidable_id_bytes = 200;

// By the operator's secret, or, where that is "", by the token.
seal seal_of(const secret& action_secret, const secret& token);

struct button_facts {
    std::string request_id;
    access::verdict what = access::verdict::deny;
    std::string channel;
    instant ends;
};

struct button_click {
    button_facts about;
    std::string user;
    std::string post;
    std::string trigger; // opens a form
    instant at;          // as the Mattermost server says
};

// What a form carries from its opening to its sending.
struct form_facts {
    std::string request_id;
    access::verdict what = access::verdict::deny;
    std::string user;
    std::string channel;
    std::string nonce;
    instant opened;
    bool confirm = false; // the form asks for a confirmation
    std::string link;     // the request's page in the web UI, or ""
};

struct form_sent {
    form_facts about;
    std::string reason; // display text: it goes to Teleport and its audit log
    bool confirmed = false;
};

// Approve and Deny for a card in that channel, as actions of an attachment; none where it can't be decided.
// `url` is where Mattermost calls us.
boost::json::array buttons_for(
    const access::card& shown, const std::string& channel, const std::string& url, const seal& by, instant now
);

std::string to_state(const form_facts& facts, const seal& by);

std::optional<button_click> read_click(std::string_view body, const seal& by);
std::optional<form_sent> read_form(std::string_view body, const seal& by);

} // namespace hallpass::services::mattermost
