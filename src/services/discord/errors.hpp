// The table of Discord's JSON error codes.
#pragma once

#include "base/fault.hpp"

#include <cstdint>
#include <string_view>

namespace hallpass::services::discord {

struct error_meaning {
    std::int64_t code;
    fault_kind kind;
    std::string_view mend; // "" where there is nothing to do
};

// For codes that aren't in the table, what the HTTP status means.
error_meaning meaning_of(std::int64_t code, int status) noexcept;

} // namespace hallpass::services::discord
