// The views in which somebody decides: a form, a wait, and what became of it.
#pragma once

#include "access/card.hpp"
#include "services/slack/interaction.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace hallpass::services::slack {

// Asks for a reason, and for a confirmation where `facts` says so. Of the card, what isn't known is left out.
boost::json::object form_view(const access::card& shown, const form_facts& facts, bool needs_reason);

// While nobody knows yet.
boost::json::object working_view(access::verdict what);

// `words`: of any length, with any text in it.
boost::json::object outcome_view(std::string_view words);

} // namespace hallpass::services::slack
