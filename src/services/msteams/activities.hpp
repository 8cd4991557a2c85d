// The activities that the bot connector is sent: messages with a card (api-messaging 4.2).
#pragma once

#include "access/card.hpp"
#include "access/message.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace hallpass::services::msteams {

// `summary` is what a notification shows, and is plain text. The key travels with the message, for people and
// for what may look messages up one day: the connector can't.
boost::json::object message_activity(
    boost::json::object card,
    std::string_view summary,
    const access::delivery_key& key,
    const std::string& app_id
);

// "⏳ PENDING · alice@example.com: role request for admin".
std::string summary_of(const access::card& shown);

} // namespace hallpass::services::msteams
