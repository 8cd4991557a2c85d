// The table of Graph's and the bot connector's error codes (api-messaging 4.2, 4.3).
#pragma once

#include "base/fault.hpp"

#include <string>
#include <string_view>

namespace hallpass::services::msteams {

struct error_meaning {
    std::string_view code;
    fault_kind kind;
    std::string_view mend; // "" where there is nothing to do
};

// For codes that aren't in the table, what the HTTP status means.
error_meaning meaning_of(std::string_view code, int status) noexcept;

} // namespace hallpass::services::msteams
