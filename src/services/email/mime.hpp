// Letters as they travel: RFC 5322, 2045 and 2047. Every line ends with CR LF, is ASCII but for the
// recipient's address (RFC 6532), and has at most 78 characters, or 998 where a word is longer.
#pragma once

#include "services/email/mailbox.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hallpass::services::email {

struct mime_letter {
    mailbox from;
    std::string to;                      // an address
    std::string subject;                 // UTF-8, one line
    std::string date;                    // as date_text() gives it
    std::string id;                      // without the angle brackets, as are the references
    std::vector<std::string> references; // oldest first; it answers the last
    std::vector<std::pair<std::string, std::string>> further_headers; // ASCII
    std::string boundary; // with "=_" in it, which no encoded line has
    std::string plain_text;
    std::string html;
};

std::string compose(const mime_letter& letter);

// Its parts.
std::string encoded_words(std::string_view utf8);       // for an unstructured header, folded
std::string quoted_printable(std::string_view lines);   // of "\n"
std::string date_text(std::int64_t seconds_since_1970); // "Sun, 01 Mar 2026 03:00:00 +0000"

} // namespace hallpass::services::email
