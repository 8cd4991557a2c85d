// What Slack is told: cards as Block Kit, with every limit of Slack's kept (api-messaging 1.3).
#pragma once

#include "access/card.hpp"
#include "access/message.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace hallpass::services::slack {

inline constexpr std::string_view metadata_event_type = "hallpass_message";

// Each is the part of a chat.postMessage or chat.update that says what: `text` for notifications and screen
// readers, `blocks` for everybody else. The place to put it is the client's to add.
// `with_buttons`: where the card can be decided on, it has Approve and Deny.
boost::json::object card_message(const access::card& shown, bool with_buttons = false);
// Precondition: `index` is one of shown.reviews.
boost::json::object review_message(const access::card& shown, std::size_t index);
boost::json::object outcome_message(const access::card& shown);

// Puts the key where a look-up finds it: in the metadata, and in the first block's id, because Slack may drop
// metadata that the app hasn't registered (api-messaging 1.5).
void mark_message(boost::json::object& message, const access::delivery_key& key);
// For chat.update, which keeps the metadata of the message, but not its blocks' ids.
void mark_blocks(boost::json::object& message, const access::delivery_key& key);

// The keys that a message that Slack gave back carries: one, in two places, or none.
std::vector<access::delivery_key> keys_of(const boost::json::object& message);

// Whether it carries the key.
bool carries(const boost::json::object& message, const access::delivery_key& key);

} // namespace hallpass::services::slack
