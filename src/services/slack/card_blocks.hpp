// A card as blocks, within given amounts.
#pragma once

#include "access/card.hpp"
#include "services/slack/amounts.hpp"

#include <boost/json/array.hpp>

namespace hallpass::services::slack {

boost::json::array card_blocks(const access::card& shown, const amounts& room);

} // namespace hallpass::services::slack
