// What Datadog is told: incidents and cells of their timeline (api-ticketing 5.2), in Markdown in which a
// stranger's text can't format, link or notify.
#pragma once

#include "access/card.hpp"
#include "access/message.hpp"
#include "services/ticket_facts.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::datadog {

// E-mail addresses are notified; anything else is the handle of a team.
struct addressees {
    std::vector<std::string> handles; // "@bob@example.com"
    std::vector<std::string> teams;
};

addressees sort_recipients(const std::vector<std::string>& recipients);

std::string escaped(std::string_view display);
std::string to_markdown(const ticket_facts& facts);

// Everything of the request: facts, where it stands, reviews, and the key on the last line.
std::string summary(const access::card& shown);

boost::json::object new_incident(const access::card& shown, const addressees& to, std::string_view severity);
boost::json::object changed_incident(const std::string& id, const access::card& shown);
// Precondition: `index` is one of shown.reviews.
boost::json::object
timeline_cell(const access::card& shown, std::size_t index, const access::delivery_key& key);

} // namespace hallpass::services::datadog
