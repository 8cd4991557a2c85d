// What an interaction is answered with: a form, a wait, and what became of it (api-messaging 2.3).
#pragma once

#include "access/card.hpp"
#include "services/discord/interaction.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace hallpass::services::discord {

// Asks for a reason, and for a confirmation where `facts` says so. Of the card, what isn't known is left out.
boost::json::object form_answer(const access::card& shown, const form_facts& facts, bool needs_reason);

// Words of any length, with any text in them, as a message that only the person sees.
boost::json::object message_answer(std::string_view words);
// The same message, to put in the place of one that is there.
boost::json::object message_of_words(std::string_view words);

// While nobody knows yet: "thinking", for that person alone.
boost::json::object waiting_answer();

boost::json::object pong();

} // namespace hallpass::services::discord
