// What the simulated Mattermost knows (api-messaging 3).
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::sandbox::mattermost {

struct user {
    std::string id;
    std::string name;
    std::string email;
    std::string roles = "system_user";
    std::string auth_service; // "ldap", "saml"; "" where the server keeps the password
    std::set<std::string> teams;
    bool email_verified = true;
    bool is_bot = false;
    std::int64_t delete_at = 0;
};

struct channel {
    std::string id;
    std::string name;
    std::string team; // its id; "" of a direct channel
    std::set<std::string> members;
};

struct version {
    std::string message;
    boost::json::object props;
};

struct post {
    std::string id;
    std::string user;
    std::string channel;
    std::string root;
    std::string pending_id;
    std::vector<version> versions; // the newest at the end
    std::string only_for;          // of an ephemeral post
    std::int64_t create_at = 0;
    std::int64_t update_at = 0;
    std::int64_t delete_at = 0;
};

struct dialog {
    std::string id;
    std::string user; // whose client shows it
    std::string channel;
    std::string trigger; // that opened it
    std::string url;
    boost::json::object shown;
    std::string problem; // what the last submission was answered with
    bool open = true;
};

struct refusal {
    int status = 0;
    std::string id;
    std::string message;
};

template <class T>
using outcome = boost::system::result<T, refusal>;

// Found by boost::system::result when value() is called on a refused outcome.
[[noreturn]] void throw_exception_from_error(const refusal& error, const boost::source_location& where);

// 26 small letters and digits: a name, filled up.
std::string id_for(std::string_view name);
std::string random_id();
bool is_id(std::string_view text) noexcept;

} // namespace hallpass::sandbox::mattermost
