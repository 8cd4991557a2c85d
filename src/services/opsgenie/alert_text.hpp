// What Opsgenie is told: a card as an alert, reviews and outcome as notes, within its limits (api-ticketing
// 3.3). Plain text.
#pragma once

#include "access/card.hpp"
#include "access/message.hpp"
#include "services/opsgenie/responders.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::opsgenie {

// "teleport-access-request/<id>": upstream's, by which an open alert is known again.
std::string alias_of(std::string_view request_id);

boost::json::object
new_alert(const access::card& shown, const std::vector<responder>& to, const std::string& priority);

// Each ends with its mark. Precondition: `index` is one of shown.reviews.
std::string review_note(const access::card& shown, std::size_t index, const access::delivery_key& key);
std::string outcome_note(const access::card& shown);

access::delivery_key outcome_key(const access::card& shown);

} // namespace hallpass::services::opsgenie
