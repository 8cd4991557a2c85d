// A card as an Adaptive Card of version 1.5. Foreign text stands in text runs, which know no markup.
#pragma once

#include "access/card.hpp"
#include "services/msteams/decision_form.hpp"

#include <boost/json/object.hpp>

namespace hallpass::services::msteams {

// Within card_bytes. With a form, people can decide on it.
boost::json::object adaptive_card(const access::card& shown, const decision_form* form = nullptr);

// A card of one small text: a review, an outcome. Precondition: `index` is one of shown.reviews.
boost::json::object review_card(const access::card& shown, std::size_t index);
boost::json::object outcome_card(const access::card& shown);

// A card with one paragraph.
boost::json::object text_card(std::string_view text);

} // namespace hallpass::services::msteams
