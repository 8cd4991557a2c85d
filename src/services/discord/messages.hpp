// What Discord is told: cards as content and embeds, with every limit of Discord's kept (api-messaging 2.1).
#pragma once

#include "access/card.hpp"
#include "access/message.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace hallpass::services::discord {

// Each is the whole message but for what it is sent with. `content` says who, what and where to decide, and
// is what a notification shows; without the permission Embed Links, Discord drops the embeds in silence.
// `decided_here`: with buttons, as long as there is something to decide; otherwise those that were there go.
boost::json::object card_message(const access::card& shown, bool decided_here = false);
// Precondition: `index` is one of shown.reviews.
boost::json::object review_message(const access::card& shown, std::size_t index);
boost::json::object outcome_message(const access::card& shown);

// Puts the key where a look-up finds it: as the content's last line, in small print. The nonce is forgotten
// within minutes, and embeds can be hidden by a moderator or dropped; the content stays, and a bot may always
// read its own.
void mark_message(boost::json::object& message, const access::delivery_key& key);

// Whether a message that Discord gave back carries the key.
bool carries(const boost::json::object& message, const access::delivery_key& key);

// By which Discord knows a message again that is sent twice within some minutes, wherever its author sends
// it: so the channel is a part of it. At most 25 characters.
std::string nonce_of(const access::delivery_key& key, std::string_view channel);

} // namespace hallpass::services::discord
