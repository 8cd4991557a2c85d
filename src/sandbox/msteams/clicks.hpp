// What people do in the simulated Teams, posted to hallpass as Microsoft posts it: signed invoke activities
// (api-messaging 4.4, 4.5), and forged ones on demand.
#pragma once

#include "sandbox/callback_poster.hpp"
#include "sandbox/msteams/signer.hpp"
#include "sandbox/msteams/state.hpp"
#include "sandbox/refusal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace hallpass::sandbox::msteams {

class clicks {
public:
    // All of them outlive it.
    clicks(boost::asio::any_io_executor executor, ports::log& out, state& teams, const signer& keys);

    void set_service_url(std::string url) { service_url_ = std::move(url); }

    // {"url", "ca_file"}: where hallpass takes activities.
    outcome<boost::json::value> set_target(const boost::json::object& body);

    // {"user", "activity", "action": "approve", "deny" or "refresh", "values": {"reason", "confirm"}};
    // further members make a forged one: "forge" (signature, audience, issuer, tenant, expired, old_key,
    // service_url, endorsement, no_token), "trigger", "activity_id" and "raw". Returns when hallpass has
    // answered.
    boost::asio::awaitable<outcome<boost::json::value>> click(boost::json::object body);

    boost::asio::awaitable<void> close();

private:
    std::string token_for(const std::string& forge) const;
    boost::json::object activity_of(
        const person& who,
        const conversation& in,
        const posted_message& message,
        const boost::json::object& action,
        const boost::json::object& wanted
    ) const;
    std::string show(const person& who, const boost::json::value& answer);

    state& teams_;
    const signer& keys_;
    callback_poster poster_;
    std::string url_;
    std::string service_url_;
};

// The card of a message.
const boost::json::object& card_of(const posted_message& message);
// Every element of a card and below it, and the actions of its sets.
std::vector<const boost::json::object*> parts_of(const boost::json::object& card);

} // namespace hallpass::sandbox::msteams
