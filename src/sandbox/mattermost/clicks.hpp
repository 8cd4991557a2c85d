// What people do in the simulated Mattermost, and what the server makes of it (api-messaging 3.3, 3.4).
#pragma once

#include "sandbox/callback_poster.hpp"
#include "sandbox/mattermost/state.hpp"
#include "sandbox/refusal.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace hallpass::sandbox::mattermost {

// Both outlive it.
class clicks {
public:
    clicks(state& at, callback_poster& poster) : at_(at), poster_(poster) {}

    // {"status", "ms", "problem", "answer", "dialog": the one that was opened, or null}
    boost::asio::awaitable<sandbox::outcome<boost::json::value>> click(boost::json::object asked);
    // {"status", "ms", "problem", "answer", "open"}
    boost::asio::awaitable<sandbox::outcome<boost::json::value>> submit(boost::json::object asked);

private:
    boost::asio::awaitable<boost::json::object> call(std::string url, std::string body);
    void obey_click(const boost::json::object& answer, const std::string& user, const std::string& post_id);

    state& at_;
    callback_poster& poster_;
    std::string last_click_;
    std::string last_submission_;
};

boost::json::object to_json(const dialog& shown);

} // namespace hallpass::sandbox::mattermost
