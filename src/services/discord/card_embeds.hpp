// A card as embeds: one for the Access Request, and one for each review, as upstream has it.
#pragma once

#include "access/card.hpp"

#include <boost/json/array.hpp>

namespace hallpass::services::discord {

// Within every limit of Discord (api-messaging 2.1).
boost::json::array card_embeds(const access::card& shown);

} // namespace hallpass::services::discord
