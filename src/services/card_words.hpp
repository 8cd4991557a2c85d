// The words of a card that are the same in every service.
#pragma once

#include "access/card.hpp"

#include <cstddef>
#include <string>

namespace hallpass::services {

// "⏳ PENDING": upstream's words (upstream-messaging 1.9).
std::string status_words(access::request_state state);

// "alice@example.com: role request for admin and 2 more": display text of at most 150 bytes, which is Slack's
// limit for a header.
std::string card_title(const access::card& shown);

// " · 1 of 2 approved, 0 denied so far", without the 2 where nobody knows it; "" where there is nothing to
// tell.
std::string votes(const access::card& shown);

// " and 3 more".
std::string and_more(std::size_t count);

} // namespace hallpass::services
