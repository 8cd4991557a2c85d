// Alerts, as Opsgenie and its successor keep them. Whatever changes one is taken first and done later, so
// that each change is followed until it is done (api-ticketing 3.3).
#pragma once

#include "access/message.hpp"
#include "base/result.hpp"
#include "ports/clock.hpp"
#include "services/opsgenie/api.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace hallpass::services::opsgenie {

struct alert {
    std::string id;
    std::string alias;
    bool closed = false;
};

// What it is made with outlives it.
class alerts {
public:
    alerts(api& at, ports::clock& time);

    // Gives the alert's id. uncertain() where it was taken, and nobody knows yet what became of it.
    boost::asio::awaitable<result<std::string>> create(boost::json::object what);
    boost::asio::awaitable<result<void>> add_note(std::string alert, std::string text);
    // With a note, or "" for none.
    boost::asio::awaitable<result<void>> close(std::string alert, std::string text);

    boost::asio::awaitable<result<std::optional<alert>>> find_by_alias(std::string alias);
    boost::asio::awaitable<result<alert>> read(std::string id);
    boost::asio::awaitable<result<bool>> has_note(std::string alert, access::delivery_key key);

private:
    boost::asio::awaitable<result<std::string>> follow(call what);
    boost::asio::awaitable<result<std::string>> outcome_of(std::string request, std::string name);

    api& api_;
    ports::clock& time_;
};

} // namespace hallpass::services::opsgenie
