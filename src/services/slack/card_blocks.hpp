// A card as blocks, within given amounts.
#pragma once

#include "access/card.hpp"
#include "services/slack/amounts.hpp"

#include <boost/json/array.hpp>

#include <string>

namespace hallpass::services::slack {

// "alice@example.com: role request for admin and 2 more", at most 150 bytes: Slack's limit for a header.
std::string card_title(const access::card& shown);

boost::json::array card_blocks(const access::card& shown, const amounts& room);

} // namespace hallpass::services::slack
