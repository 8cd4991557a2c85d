// What came of a lane of a plan, and how the ledger remembers it.
#pragma once

#include "access/ledger.hpp"
#include "access/plan.hpp"
#include "base/fault.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace hallpass::access {

struct lane_outcome {
    address to;
    message_ref message;             // known now, posted or found; empty where it still isn't
    std::optional<std::string> face; // where the message was made to say something
    std::size_t replies = 0;         // told in all
    bool outcome_told = false;
    bool skipped = false;        // the card, for good
    unsettled left;              // what may have been sent, and isn't known to be
    std::optional<fault> failed; // why the lane ended early
    // The claim under which this was done is no longer ours, so somebody else may have drawn the message
    // since: its face is then unknown, and it will be drawn again.
    bool overtaken = false;
};

void record(const lane_outcome& done, ledger& into);

} // namespace hallpass::access
