// What the simulated Slack keeps: people, conversations and messages with every version they had.
#pragma once

#include "base/time.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hallpass::sandbox {

struct slack_user {
    std::string id;
    std::string name;
    std::string real_name;
    std::string email;
    std::string team_id = "T0SANDBOX";
    bool is_email_confirmed = true;
    bool deleted = false;
    bool is_bot = false;
    bool is_restricted = false;       // a guest
    bool is_ultra_restricted = false; // a guest of one channel
    bool is_stranger = false;         // of another workspace, here through a shared channel
};

struct slack_version {
    std::string text;
    boost::json::array blocks;
    instant at;
};

struct slack_message {
    std::string ts;
    std::string thread_ts; // "" outside a thread; of the first message of a thread its own ts
    std::string user;      // who wrote it: the app's bot
    std::string text;
    boost::json::array blocks;
    boost::json::object metadata;
    std::string edited_ts;              // "" where it was never changed
    std::string ephemeral_for;          // the only user who sees it, "" for everybody
    std::vector<slack_version> earlier; // oldest first
};

struct slack_channel {
    std::string id;
    std::string name;
    std::string im_user; // a direct conversation's other side, "" in a channel
    bool is_private = false;
    bool is_archived = false;
    std::vector<slack_message> messages; // in order of ts
};

struct slack_bot {
    std::string token = "xoxb-sandbox-token";
    std::string app_token = "xapp-sandbox"; // for Socket Mode
    std::string user_id = "U0HALLPASS";
    std::string bot_id = "B0HALLPASS";
    std::string app_id = "A0HALLPASS";
    std::string team_id = "T0SANDBOX";
};

} // namespace hallpass::sandbox
