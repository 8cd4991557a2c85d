// A letter's words, drawn twice. Lines end with "\n".
#pragma once

#include "services/email/words.hpp"

#include <string>
#include <string_view>

namespace hallpass::services::email {

std::string as_plain_text(const letter_words& words);

// A page for mail programs: tables and inline styles, no script, no picture, nothing fetched from anywhere.
std::string as_html(const letter_words& words);

// Fit for HTML's text and attributes; line breaks stay.
std::string html_escaped(std::string_view text);

} // namespace hallpass::services::email
