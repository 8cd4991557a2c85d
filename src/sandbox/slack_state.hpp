// The simulated Slack workspace (api-messaging 1). What it refuses, it refuses with Slack's error codes.
#pragma once

#include "sandbox/change_signal.hpp"
#include "sandbox/slack_dialogs.hpp"
#include "sandbox/slack_refusal.hpp"
#include "sandbox/slack_types.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::sandbox {

struct slack_post {
    std::string channel; // an id, a name with or without "#", or a user id for a direct message
    std::string text;
    boost::json::array blocks;
    boost::json::object metadata;
    std::string thread_ts;
    std::string ephemeral_for;
};

struct slack_edit {
    std::string channel; // an id only
    std::string ts;
    std::optional<std::string> text;
    std::optional<boost::json::array> blocks;
    std::optional<boost::json::object> metadata; // absent keeps it, an empty one removes it
};

// Where a message came to stand.
struct slack_posted {
    std::string channel;
    slack_message message;
};

// The time as Slack writes it: "1700000000.000100".
std::string slack_now();

// Thread-safe.
class slack_state {
public:
    // `changes` outlives it. A workspace with the people of the simulated cluster and three channels.
    explicit slack_state(change_signal& changes);

    const slack_bot& bot() const noexcept { return bot_; }

    slack_dialogs& dialogs() noexcept { return dialogs_; }

    slack_outcome<slack_posted> post(slack_post wanted);
    slack_outcome<slack_posted> edit(slack_edit wanted);

    // The direct conversation with the user; made where there is none yet.
    slack_outcome<std::string> open_conversation(const std::string& user_id);

    std::optional<slack_user> user_by_email(const std::string& email) const;
    std::optional<slack_user> user_by_id(const std::string& id) const;
    // By id or, where `by_name` is set, by name; without its messages where they are not asked for.
    std::optional<slack_channel> channel(const std::string& id, bool by_name = false) const;
    // Shows the conversation without copying it; false where there is none. `reader` must not call back.
    bool read_channel(const std::string& id, const std::function<void(const slack_channel&)>& reader) const;
    std::vector<slack_user> users() const;
    // With the newest `messages` of each.
    std::vector<slack_channel> channels(std::size_t messages) const;

    void put_user(slack_user user);
    void put_channel(slack_channel channel);
    // People and conversations stay.
    void forget_messages();
    void reset();

private:
    void fill();
    slack_channel* find_channel(const std::string& name_or_id, bool by_name);
    slack_channel* direct_conversation(const std::string& user_id);
    std::string next_ts(const slack_channel& where) const;

    mutable std::mutex mutex_;
    change_signal& changes_;
    slack_bot bot_;
    slack_dialogs dialogs_;
    std::map<std::string, slack_user> users_;
    std::map<std::string, slack_channel> channels_;
};

} // namespace hallpass::sandbox
