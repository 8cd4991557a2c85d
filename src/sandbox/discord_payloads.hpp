// What the simulated Discord tells an app when a person clicks or submits (api-messaging 2.3): pure, and the
// same over HTTPS and the Gateway.
#pragma once

#include "sandbox/discord_interactions.hpp"
#include "sandbox/discord_types.hpp"
#include "sandbox/refusal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>

namespace hallpass::sandbox {

// The custom_id of the message's button that is `wanted`, or, where there is none, has it inside; "" without.
std::string find_custom_id(const discord_message& message, const std::string& wanted);

// Where and by whom, without what was done.
boost::json::object interaction_payload(
    const discord_interaction& what,
    const discord_user& user,
    const discord_channel& channel,
    const discord_message& message,
    const discord_bot& bot
);

boost::json::object click_data(const std::string& custom_id);

// The "data" of a filled-in form: a text gets `given` under its custom_id, or "reason"; a select takes all
// its options where its custom_id, or "confirm", is true. Refused where a needed one stays empty, as
// Discord's own form does, unless `given` has "force".
outcome<boost::json::object> form_data(const discord_modal& form, const boost::json::object& given);

} // namespace hallpass::sandbox
