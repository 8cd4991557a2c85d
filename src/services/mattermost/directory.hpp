// Who and what Mattermost knows by the names that people write: remembered for a while.
#pragma once

#include "base/result.hpp"
#include "ports/clock.hpp"
#include "services/mattermost/api.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <string>

namespace hallpass::services::mattermost {

// The API and the clock outlive it. Nothing where Mattermost knows none of that name.
class directory {
public:
    directory(api& mattermost, ports::clock& time);

    boost::asio::awaitable<result<std::optional<std::string>>> user_by_email(std::string email);
    boost::asio::awaitable<result<std::optional<std::string>>>
    channel_by_name(std::string team, std::string channel);

private:
    struct entry {
        std::optional<std::string> id;
        instant until;
    };

    // The id of what is at the path.
    boost::asio::awaitable<result<std::optional<std::string>>> look_up(std::string path);
    const entry* fresh(const std::string& path);
    void remember(const std::string& path, const std::optional<std::string>& id);

    api& mattermost_;
    ports::clock& time_;
    std::map<std::string, entry> known_; // by path
};

} // namespace hallpass::services::mattermost
