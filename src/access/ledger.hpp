// What was done for one Access Request by one service, and what is being done by whom. Kept in Teleport's
// plugin data, so every instance reads the same; changed only by compare-and-swap.
#pragma once

#include "access/card.hpp"
#include "access/message.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::access {

// An instance says that it works on the request until then. After that, anybody may take over.
struct claim {
    std::string holder;
    instant until;
};

// What somebody is sending, or may have sent, and must not be sent twice: whoever wants to send it next looks
// for it first.
struct unsettled {
    bool card = false;
    std::size_t replies = 0; // to the first so many reviews
    bool outcome = false;

    bool any() const noexcept { return card || replies > 0 || outcome; }

    friend bool operator==(const unsettled&, const unsettled&) = default;
};

// One recipient of one request.
struct delivery {
    std::string recipient; // as routed; the Teleport user for the requester's copy
    audience reader = audience::approver;
    address to;
    message_ref message;       // empty: nothing is known to be posted
    std::string face;          // what the message says (face_of), "" where that isn't known
    std::size_t replies = 0;   // reviews told in its thread, in order
    bool outcome_told = false; // to the requester
    unsettled sending;
    // Nobody can tell whether the card was sent, and the operator chose that it isn't sent again then.
    bool skipped = false;
};

struct ledger {
    std::optional<claim> held;
    std::vector<delivery> deliveries;
    // There may be recipients who have no delivery yet, because where they are couldn't be asked.
    bool incomplete = false;
    // Somebody else's program announced the request: its recipients are the ones it chose.
    bool adopted = false;
    // Somebody else's program was about to announce it, and may have: whoever announces it looks first.
    bool half_made = false;
    // The request as it was last seen: what is left to draw from when Teleport has deleted it.
    access_request last_seen;

    const delivery* find(const address& to) const noexcept;
    delivery* find(const address& to) noexcept;
};

// Where a recipient's messages go, once its service has said so.
struct destination {
    std::string recipient;
    audience reader = audience::approver;
    address to;
};

// More recipients than that have no place in a ledger: its size is bounded, whatever is asked for.
inline constexpr std::size_t max_deliveries = 100;

// Adds what is new, and says how many found no place. One address gets one message, however many recipients
// lead there; where one of them is the requester, it is the requester's.
std::size_t add_deliveries(ledger& into, const std::vector<destination>& destinations);

} // namespace hallpass::access
