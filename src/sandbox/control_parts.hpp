// What the control port works on.
#pragma once

#include "base/result.hpp"
#include "sandbox/change_signal.hpp"
#include "sandbox/cluster_state.hpp"
#include "sandbox/discord_callback.hpp"
#include "sandbox/discord_state.hpp"
#include "sandbox/fault_plan.hpp"
#include "sandbox/slack_callback.hpp"
#include "sandbox/slack_state.hpp"
#include "sandbox/third_parties.hpp"
#include "sandbox/waits.hpp"

#include <functional>
#include <string>

namespace hallpass::sandbox {

// Everything outlives the control port. The functions are called on the io_context's thread.
struct control_parts {
    cluster_state& cluster;
    slack_state& slack;
    discord_state& discord;
    fault_plan& auth_faults;
    fault_plan& slack_faults;
    fault_plan& discord_faults;
    change_signal& changes;
    slack_callback& callback;
    discord_callback& discord_clicks;
    waits& pollers; // cut short after every change
    third_parties& parties;
    std::function<result<void>()> rotate;
    std::function<result<void>(bool up)> switch_auth;
    std::function<result<void>(bool up)> switch_slack;
    std::function<result<void>(bool up)> switch_discord;
    std::function<bool()> is_auth_up;
    std::function<bool()> is_slack_up;
    std::string state_directory; // of the hallpass that the example configuration starts
};

} // namespace hallpass::sandbox
