// The simulated Discord (api-messaging 2). What it refuses, it refuses with Discord's error codes.
#pragma once

#include "sandbox/change_signal.hpp"
#include "sandbox/discord_form.hpp"
#include "sandbox/discord_interactions.hpp"
#include "sandbox/discord_types.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::sandbox {

// Thread-safe.
class discord_state {
public:
    // `changes` outlives it. A server with three channels, and the people of the simulated cluster.
    explicit discord_state(change_signal& changes);

    const discord_bot& bot() const noexcept { return bot_; }

    discord_interactions& interactions() noexcept { return interactions_; }

    // Of something new that is no message.
    std::string issue_id();

    discord_outcome<discord_message> post(const std::string& channel, discord_form form);
    discord_outcome<discord_message>
    edit(const std::string& channel, const std::string& message, discord_form form);

    // The direct channel with the user; made where there is none yet.
    discord_outcome<discord_channel> open_direct(const std::string& user);

    discord_outcome<discord_channel> channel(const std::string& id) const;
    // The first messages after that id, the newest first: empty where the bot may not read them.
    discord_outcome<std::vector<discord_message>>
    messages(const std::string& channel, std::uint64_t after, std::size_t limit) const;

    std::vector<discord_channel> channels() const;
    std::vector<discord_user> users() const;

    void put_user(discord_user user);
    // Keeps the messages of a channel that is there.
    void put_channel(discord_channel channel);
    void reset();

private:
    struct sent {
        std::string channel;
        std::string message;
        std::chrono::steady_clock::time_point at;
    };

    void fill();
    discord_channel* visible(const std::string& id, discord_refusal& why);
    const discord_message* sent_with(const std::string& nonce) const;
    std::string next_id();

    mutable std::mutex mutex_;
    change_signal& changes_;
    discord_bot bot_;
    discord_interactions interactions_;
    std::map<std::string, discord_user> users_;
    std::map<std::string, discord_channel> channels_;
    std::map<std::string, sent> nonces_;
    std::uint64_t last_id_ = 0;
};

} // namespace hallpass::sandbox
