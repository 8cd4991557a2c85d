// What is owed, done and waiting, and why: what `hallpass status` and the sandbox's page show. Plain values,
// as of one moment.
#pragma once

#include "access/access_request.hpp"
#include "access/message.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::ports {

enum class delivery_state {
    done,    // the message says what Teleport says
    owed,    // next in turn
    sending, // a call is under way
    waiting, // it failed, or must be slower: tried again at next_attempt
    refused, // for good, as far as the service says; tried again at next_attempt all the same
};

struct delivery_status {
    std::string recipient; // as routed
    bool is_requester = false;
    delivery_state state = delivery_state::owed;
    access::message_ref message; // empty: nothing is posted yet
    std::string why;             // of waiting and refused: one line
    std::optional<instant> next_attempt;
};

struct request_status {
    std::string id;
    std::string user;
    access::request_state state = access::request_state::none;
    std::optional<instant> created;
    std::string held_by; // another instance that works on it just now
    std::vector<delivery_status> deliveries;
};

struct service_status {
    std::string service;
    std::string why_paused; // the circuit breaker is open: the last fault, one line; "" where it is closed
    std::optional<instant> paused_until;
    std::size_t sent = 0;   // since the start: messages, replies and updates
    std::size_t failed = 0; // attempts that will be, or were, made again
    std::size_t found_after_uncertain_send = 0;
    std::size_t repeated_after_uncertain_send = 0;
    std::size_t skipped_after_uncertain_send = 0;
    std::vector<request_status> requests; // oldest first; settled ones are gone
};

} // namespace hallpass::ports
