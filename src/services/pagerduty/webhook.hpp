// What a webhook of PagerDuty says, read from a body whose signature is good (api-ticketing 2.6). It is only
// a hint: ids under which PagerDuty's API is asked what happened.
#pragma once

#include "access/decision.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::pagerduty {

inline constexpr std::size_t largest_webhook = std::size_t{256} * 1024;

enum class hint_kind {
    none,   // not ours, or nothing that decides
    note,   // somebody wrote a note
    action, // somebody ran an automation action on the incident
};

struct webhook_event {
    std::string id; // the same in each attempt to deliver it
    std::optional<instant> occurred;
    hint_kind kind = hint_kind::none;
    std::string incident;
    std::string agent; // a user
    std::string thing; // the note, or the run of the action
};

// Nothing where the body isn't an event.
std::optional<webhook_event> read_webhook(std::string_view body);

struct note_words {
    access::verdict what = access::verdict::deny;
    std::string reason;
};

// "approve" or "deny", alone or before a colon or a line break and the reason; nothing where a note says
// something else, in whatever words.
std::optional<note_words> read_note(std::string_view content);

} // namespace hallpass::services::pagerduty
