// Who and what PagerDuty has, by the names and ids that people write.
#pragma once

#include "base/result.hpp"
#include "services/pagerduty/api.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::pagerduty {

// "PT4KHLK": as PagerDuty makes its ids, and nothing else than letters and digits.
bool is_id(std::string_view text) noexcept;

// Something with a name: a service, an escalation policy, a schedule.
struct named_thing {
    std::string id;
    std::string name;
    boost::json::object whole;
};

struct user_facts {
    std::string id;
    std::string email;
    std::string role;
    bool invited_only = false; // hasn't accepted the invitation yet
    bool is_user = false;
};

user_facts read_user(const boost::json::object& user);

class directory {
public:
    directory(api& pagerduty, std::string own_email);

    // By id or by name, in any case of letters; nothing where there is none. `kind` is "service",
    // "escalation_policy" or "schedule".
    boost::asio::awaitable<result<std::optional<named_thing>>> find(std::string kind, std::string written);

    // The users with exactly this e-mail address, in any case of letters.
    boost::asio::awaitable<result<std::vector<user_facts>>> users_by_email(std::string email);
    boost::asio::awaitable<result<user_facts>> user(std::string id);

    // The user of user_email, asked for once. unauthorised where there is none.
    boost::asio::awaitable<result<user_facts>> own_user();

private:
    boost::asio::awaitable<result<std::optional<named_thing>>> find_by_id(std::string kind, std::string id);

    api& api_;
    std::string own_email_;
    std::optional<user_facts> own_;
};

} // namespace hallpass::services::pagerduty
