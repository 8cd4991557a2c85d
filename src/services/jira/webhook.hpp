// What is taken from a webhook whose signature is good: which issue was moved. Everything else is asked of
// Jira itself.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::jira {

inline constexpr std::size_t largest_webhook = std::size_t{256} * 1024;

struct issue_moved {
    std::string issue_id; // digits
    instant at;           // when Jira sent it first
};

// Digits, and not too many.
bool is_issue_id(std::string_view text) noexcept;

// Nothing where it tells of anything else, or isn't in Jira's form.
std::optional<issue_moved> read_webhook(std::string_view body);

// The reason in a person's comment, as upstream finds it (upstream-ticketing 1.5): behind "Reason:" or
// "Resolution:" at the beginning of a line, or, where nothing stands there, all that follows. "" where there
// is none.
std::string reason_in(std::string_view comment);

} // namespace hallpass::services::jira
