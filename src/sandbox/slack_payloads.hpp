// What the simulated Slack sends an app when a person clicks or submits (api-messaging 1.6): pure.
#pragma once

#include "sandbox/refusal.hpp"
#include "sandbox/slack_dialogs.hpp"
#include "sandbox/slack_types.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace hallpass::sandbox {

struct clicked_button {
    std::string block_id;
    boost::json::object element;
};

// The button whose action_id is `wanted` or, where there is none, has it in its action_id.
std::optional<clicked_button> find_button(const boost::json::array& blocks, const std::string& wanted);

// A click and what Slack issues for it.
struct slack_click_event {
    slack_user user;
    slack_channel channel; // without its messages
    slack_message message;
    clicked_button button;
    std::string trigger_id;
    std::string response_url;
    std::string action_ts;
};

boost::json::object block_actions_payload(const slack_click_event& click, const slack_bot& bot);

// state.values for the inputs of a view: a plain text gets `given` under its action_id, or "reason"; boxes
// are all ticked where their action_id, or "confirm", is true. Refused where a needed one stays empty, as
// Slack's own form does, unless `given` has "force".
outcome<boost::json::object> filled_values(const boost::json::object& view, const boost::json::object& given);

boost::json::object view_submission_payload(
    const slack_view& view,
    const boost::json::object& values,
    const slack_user& user,
    const std::string& trigger_id,
    const slack_bot& bot
);

} // namespace hallpass::sandbox
