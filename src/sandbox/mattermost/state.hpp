// Users, channels, posts and dialogs of the simulated Mattermost. On the io_context's thread.
#pragma once

#include "sandbox/mattermost/triggers.hpp"
#include "sandbox/mattermost/types.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::sandbox::mattermost {

inline constexpr const char* bot_token = "mattermost-sandbox-token";
inline constexpr const char* team_name = "example-team";

struct server_settings {
    std::size_t max_post_size = 16383; // characters
    bool may_post_ephemeral = false;   // by default only System Admins may
    bool blocks = true;                // the feature flag MmBlocksEnabled
    std::chrono::milliseconds integration_timeout{30'000};
};

class state {
public:
    state();

    std::string bot() const { return id_for("hallpassbot"); }

    const user* find_user(const std::string& id) const;
    const user* find_user_by_email(const std::string& email) const;
    const user* find_user_by_name(const std::string& name) const;
    const channel* find_channel(const std::string& id) const;
    const channel* find_channel(const std::string& team, const std::string& name) const;
    const post* find_post(const std::string& id) const;
    dialog* find_dialog(const std::string& id);
    // "" where it has opened none.
    std::string opened_by(const std::string& trigger) const;

    // As the bot.
    outcome<channel> open_direct(const std::string& one, const std::string& other);
    outcome<post> create(const boost::json::object& body);
    outcome<post> patch(const std::string& id, const boost::json::object& body);
    outcome<post> tell(const std::string& whom, const std::string& channel_id, const std::string& message);
    outcome<void> open_dialog(const boost::json::object& body);

    void add_ephemeral(const std::string& whom, const std::string& channel_id, const std::string& message);
    void remove(const std::string& id);
    void put_user(user changed);
    void reset();

    // In the order of their making.
    const std::vector<post>& posts() const noexcept { return posts_; }

    const std::map<std::string, channel>& channels() const noexcept { return channels_; }

    const std::map<std::string, user>& users() const noexcept { return users_; }

    const std::vector<dialog>& dialogs() const noexcept { return dialogs_; }

    triggers issued;
    server_settings settings;

private:
    std::optional<refusal> refuse_content(const std::string& message, const boost::json::object& props) const;
    post* own_post(const std::string& id);

    std::map<std::string, user> users_;
    std::map<std::string, channel> channels_;
    std::vector<post> posts_;
    std::vector<dialog> dialogs_;
    std::int64_t last_ms_ = 0;

    std::int64_t now_ms();
};

} // namespace hallpass::sandbox::mattermost
