// A ticket's facts in Jira's two forms: wiki markup for version 2 of the API, ADF for version 3
// (api-ticketing 1.3). Nothing that a stranger writes can format, link or mention in either.
#pragma once

#include "services/ticket_facts.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace hallpass::services::jira {

// Shown as it is written; display text of one line.
std::string escaped_wiki(std::string_view display);

std::string to_wiki(const ticket_facts& facts);
boost::json::object to_adf(const ticket_facts& facts);

// What of a body that Jira gave back is text: an ADF document or wiki markup, line by line.
std::string text_of_body(const boost::json::value& body);

} // namespace hallpass::services::jira
