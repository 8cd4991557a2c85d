// One letter about a request, from what it says to what travels.
#pragma once

#include "access/message.hpp"
#include "base/time.hpp"
#include "services/email/mailbox.hpp"
#include "services/email/words.hpp"

#include <string>
#include <string_view>

namespace hallpass::services::email {

// The Message-ID of a letter, without its angle brackets: always the same for one key and one address, so
// that a letter that had to be sent again can be known for the same.
std::string letter_id(const access::delivery_key& key, std::string_view to, std::string_view domain);

struct letter_frame {
    mailbox from;
    std::string to;
    std::string id;
    std::string thread; // the id of the letter that this one follows up, "" for the first
    instant at{};
};

std::string write_letter(const letter_words& words, const letter_frame& frame);

} // namespace hallpass::services::email
