// What a person sees in the browser who follows the link of a letter.
#pragma once

#include "ports/callbacks.hpp"
#include "services/email/words.hpp"

#include <string>
#include <string_view>

namespace hallpass::services::email {

// Nothing is kept, framed, referred to, or fetched from anywhere; forms go to us alone.
ports::callback_response
message_page(int status, std::string_view title, std::string_view text, std::string_view link);

struct decision_form {
    letter_words words;
    std::string who;    // the address that the provider vouches for
    std::string sealed; // the hidden field
    bool wants_confirmation = false;
    bool wants_reason = false; // for a denial at least
    std::string problem;       // of what was sent before, or ""
};

ports::callback_response form_page(const decision_form& form);

} // namespace hallpass::services::email
