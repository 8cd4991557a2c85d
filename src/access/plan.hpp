// The machine of an Access Request: from what is (the newest snapshot, what the ledger says was done) to what
// is still owed. A pure function, asked again after every change: a lost event costs time, never a message.
#pragma once

#include "access/access_request.hpp"
#include "access/ledger.hpp"
#include "base/time.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hallpass::access {

enum class step_kind { post, reply, update, tell_outcome };

struct step {
    step_kind kind = step_kind::post;
    std::size_t review = 0;  // of a reply: its place in the request's reviews
    bool look_first = false; // it may have been sent already: ask the service before sending
};

// What one recipient is owed, in this order; a failed step ends the lane. Lanes don't wait for each other.
struct lane {
    address to;
    std::vector<step> steps;
};

// When to try a recipient again after a failure.
struct patience {
    instant not_before;
    std::chrono::milliseconds wait{0};
    bool given_up = false; // refused for good: once the request is resolved, nothing more is tried
    std::string why = {};
};

// By how much two instances' clocks may differ. A holder stops at the end of its claim by its own clock;
// others wait so much longer by theirs.
inline constexpr std::chrono::milliseconds max_clock_skew = std::chrono::seconds(5);

// What an instance knows beside the request and the ledger.
struct outlook {
    instant now;
    std::string me;
    // What its former life was sending may still be on its way: nobody looks for it before then.
    instant look_ups_from;
    std::map<address, patience> patience_for;
    std::set<address> busy; // its own lanes under way
    // Messages can't be changed: what would be shown by an update is sent as an outcome, to everybody.
    bool letters = false;
};

struct plan {
    std::vector<lane> lanes;           // due now; to be performed under a claim
    std::optional<instant> look_again; // when something will be due that isn't now
    bool held_by_other = false;        // look_again is the end of that claim; read the ledger again then
    bool stale_claim = false;          // nobody works under the claim that the ledger shows: take it away
    // Nothing is owed, and nothing will be: the request is resolved and said so everywhere.
    bool settled = false;
};

//   request      message    steps
//   pending      none       post
//   pending      there      reply to each new review, update where its face is another
//   approved, denied, promoted
//                none       post, if it was pending when we first saw it: the ledger has a delivery
//   the same     there      replies, update, and for the requester tell_outcome
//   expired      none       nothing: there is no more to decide, and nobody was told
//   expired      there      update, and for the requester tell_outcome
//
// With letters, reviews that a posted message says aren't replied to, who has a message that says less is
// told the outcome, whoever it is; the update that follows only records that the message is as good as it
// gets.
//
// A delivery that a former holder was sending is looked for first. Nothing is done while another instance
// holds the claim, nor for a recipient whose lane is under way.
plan make_plan(const access_request& request, const ledger& known, const outlook& seen);

// A card may have been posted just now, under a claim that still runs. The claim is then left to run out: a
// service's search may not know the card yet, and who takes over at once doesn't know how new it is.
bool keeps_claim(const ledger& known, instant now);

// Something is still owed for the request as the ledger last saw it, or it wasn't resolved then.
bool is_unfinished(const ledger& known, bool letters = false);

// The step is being carried out.
void mark(const step& sent, unsettled& what) noexcept;

// The ledger to write before a plan is performed: the claim, and which deliveries are being sent to.
ledger claimed_for(const plan& planned, ledger known, claim taken);

} // namespace hallpass::access
