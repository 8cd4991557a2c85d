// Slack's users by e-mail address, remembered for a while.
#pragma once

#include "base/result.hpp"
#include "ports/clock.hpp"
#include "services/slack/api.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace hallpass::services::slack {

// Many may ask for one address at the same time: Slack is asked once. The API and the clock outlive it.
class directory {
public:
    directory(api& slack, ports::clock& time);

    // The user's id; nothing where Slack knows nobody by that address.
    boost::asio::awaitable<result<std::optional<std::string>>> user_by_email(std::string email);

private:
    using answer = result<std::optional<std::string>>;

    struct entry {
        std::optional<std::string> user;
        instant until;
    };

    struct flight;
    class landing;
    class seat;

    const entry* fresh(const std::string& key);
    void remember(const std::string& key, const std::optional<std::string>& user);
    void make_room();
    boost::asio::awaitable<answer> ask(std::string email);

    api& slack_;
    ports::clock& time_;
    std::map<std::string, entry> known_;
    std::map<std::string, std::shared_ptr<flight>> flights_;
};

} // namespace hallpass::services::slack
