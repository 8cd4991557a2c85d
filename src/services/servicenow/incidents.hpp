// What hallpass does with incidents: makes, notes on, resolves and finds them.
#pragma once

#include "access/card.hpp"
#include "access/message.hpp"
#include "ports/clock.hpp"
#include "services/servicenow/api.hpp"
#include "services/ticket_facts.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>

namespace hallpass::services::servicenow {

// In correlation_display: whose correlation_id it is.
inline constexpr std::string_view our_name = "hallpass";

using drawing = std::function<ticket_facts(const amounts&)>;

// What it is made with outlives it.
class incidents {
public:
    incidents(api& now, const servicenow_config& config, ports::clock& time);

    boost::asio::awaitable<result<access::message_ref>>
    create(std::string assigned_to, access::card shown, access::delivery_key key);

    // A work note with the key at its end.
    boost::asio::awaitable<result<access::message_ref>>
    note(std::string id, drawing draw, access::delivery_key key);

    // State, close code and close notes of the end. May be repeated: a field that says so already is left.
    boost::asio::awaitable<result<void>> settle(std::string id, access::card shown);

    // Faults: unsupported where ServiceNow doesn't let us look.
    boost::asio::awaitable<result<std::optional<access::message_ref>>> find_incident(access::delivery_key key
    );
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find_note(std::string id, access::delivery_key key);

private:
    api& now_;
    const servicenow_config& config_;
    ports::clock& time_;
    instant sure_from_; // a call whose answer was lost may be under way until then
};

} // namespace hallpass::services::servicenow
