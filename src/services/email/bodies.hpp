// A letter's words, drawn twice. Lines end with "\n".
#pragma once

#include "services/email/words.hpp"

#include <string>

namespace hallpass::services::email {

std::string as_plain_text(const letter_words& words);

// A page for mail programs: tables and inline styles, no script, no picture, nothing fetched from anywhere.
std::string as_html(const letter_words& words);

} // namespace hallpass::services::email
