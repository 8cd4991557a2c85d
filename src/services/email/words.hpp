// What a letter says, before it is drawn as text and as HTML. All of it is display text: cut, and without
// characters that hide or turn things around; nothing is escaped.
#pragma once

#include "access/card.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace hallpass::services::email {

struct labelled {
    std::string label;
    std::string text; // several lines, maybe
};

struct told_review {
    std::string author;
    std::string status; // "✅ APPROVED"
    std::string when;   // "2026-03-01 03:01 UTC", or ""
    std::string reason;
};

struct letter_words {
    std::string subject;
    std::string status; // "⏳ PENDING · 1 approved, 0 denied so far"
    access::request_state tone = access::request_state::none;
    std::string headline;
    std::vector<labelled> quotes; // reasons
    std::vector<labelled> fields;
    std::vector<told_review> reviews;
    std::string more_reviews;  // "the newest 20 of 31", or ""
    std::string decision_link; // "" where nobody decides from letters
    std::string link;          // "" where there is none
    std::string link_label;
    std::string approve_command; // instead of a link
    std::string deny_command;
    std::string request_id;
};

letter_words card_words(const access::card& shown);
// Precondition: `index` is one of shown.reviews.
letter_words review_words(const access::card& shown, std::size_t index);
letter_words outcome_words(const access::card& shown);

} // namespace hallpass::services::email
