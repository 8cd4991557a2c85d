// What PagerDuty is told: a card as an incident, reviews and outcome as notes. Plain text: PagerDuty draws
// no markup in them.
#pragma once

#include "access/card.hpp"
#include "access/message.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::pagerduty {

// "teleport-access-request/<id>": upstream's, by which PagerDuty refuses a second open incident for a
// service, and by which one is found again.
std::string incident_key(std::string_view request_id);
// Nothing where the key is none of ours.
std::optional<std::string> request_of(std::string_view incident_key);

// The body of POST /incidents. `takes_notes`: decisions are taken from notes, and it says how.
boost::json::object new_incident(
    const access::card& shown, const std::string& service, const std::string& urgency, bool takes_notes
);

// Each ends with its mark. Precondition: `index` is one of shown.reviews.
std::string review_note(const access::card& shown, std::size_t index, const access::delivery_key& key);
std::string outcome_note(const access::card& shown);

access::delivery_key outcome_key(const access::card& shown);

} // namespace hallpass::services::pagerduty
