// A card as an attachment, which has the room that a post's message lacks (api-messaging 3.1, 3.2).
#pragma once

#include "access/card.hpp"

#include <boost/json/object.hpp>

namespace hallpass::services::mattermost {

// Without buttons. Some thirty thousand bytes at most, where Mattermost takes 760,000 characters.
boost::json::object card_attachment(const access::card& shown);

} // namespace hallpass::services::mattermost
