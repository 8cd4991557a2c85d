// A card as blocks, within given amounts.
#pragma once

#include "access/card.hpp"
#include "services/slack/amounts.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace hallpass::services::slack {

boost::json::array card_blocks(const access::card& shown, const amounts& room);

// Buttons to decide with make sense on this card: somebody reads it who may decide, and there is something to
// decide that doesn't need Teleport's own page.
bool is_decidable(const access::card& shown) noexcept;

// Precondition: is_decidable.
boost::json::object decision_buttons(const access::card& shown);

} // namespace hallpass::services::slack
