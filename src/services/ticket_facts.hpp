// What a ticket says of a request, as facts that each ticket service draws in its own markup.
#pragma once

#include "access/card.hpp"
#include "access/message.hpp"
#include "services/amounts.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services {

enum class fact_kind {
    line,  // "User: alice"
    quote, // words of a person, maybe of several lines
    link,  // the text is a URL
    mark,  // by which the text is found again; always the last line
};

// Display text, not yet escaped.
struct ticket_fact {
    fact_kind kind = fact_kind::line;
    std::string label; // "" where the text stands alone
    std::string text;
};

using ticket_facts = std::vector<ticket_fact>;

// User, cluster, roles, resources, times, reason, id and link. Never without user and id.
ticket_facts request_facts(const access::card& shown, const amounts& room);
// Who, what, when and why. Precondition: `index` is one of shown.reviews.
ticket_facts review_facts(const access::card& shown, std::size_t index, const amounts& room);
// How it ended, why, and who had their say.
ticket_facts outcome_facts(const access::card& shown, const amounts& room);

// "hallpass 0195… review-1": at most 160 bytes, of letters, digits and dashes.
std::string mark_text(const access::delivery_key& key);
ticket_fact mark_fact(const access::delivery_key& key);

// The most generous amounts with which what is drawn fits into so many bytes; the tightest where none does.
amounts amounts_fitting(std::size_t bytes, const std::function<std::string(const amounts&)>& draw);
// What `draw` gives, with them.
std::string fitted(std::size_t bytes, const std::function<std::string(const amounts&)>& draw);

// "Label: text" and quotes set in; no markup at all. The mark stands alone on the last line.
std::string plain_text(const ticket_facts& facts);

// True where the last line of a text is exactly the key's mark.
bool ends_with_mark(std::string_view text, const access::delivery_key& key);

// card_title within so many bytes: a long one is cut at the user and the things, not at the verb.
std::string ticket_title(const access::card& shown, std::size_t bytes);

} // namespace hallpass::services
