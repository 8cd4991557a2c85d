// The table of Slack's error codes.
#pragma once

#include "base/fault.hpp"

#include <string_view>

namespace hallpass::services::slack {

struct error_meaning {
    std::string_view code;
    fault_kind kind;
    std::string_view mend; // "" where there is nothing to do
    bool maybe_done = false;
};

// permanent without a mend for codes that aren't in the table.
error_meaning meaning_of(std::string_view code) noexcept;

} // namespace hallpass::services::slack
