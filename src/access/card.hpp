// What a message about an Access Request says, before any service has drawn it. Nothing here is escaped or
// cut: each service does that for the place its text goes to.
#pragma once

#include "access/access_request.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::access {

// Who reads it: people who may decide, or the person who asked.
enum class audience { approver, requester };

struct cluster {
    std::string name;
    std::string web_url; // "https://host[:port]", empty where the edition has no page for a request
};

struct card {
    audience reader = audience::approver;
    std::string request_id;
    std::string cluster_name;
    std::string user;
    std::vector<std::string> roles;                                 // sorted
    std::map<std::string, std::vector<std::string>> logins_by_role; // sorted; empty where not known
    std::vector<std::string> resources;                             // sorted
    std::string request_reason;
    request_state state = request_state::pending;
    std::string resolve_reason;
    std::string promoted_access_list;
    std::vector<review> reviews;
    std::optional<unsigned> approvals_needed; // where there is one threshold, for everybody
    std::optional<instant> access_expires;
    std::optional<instant> request_expires;
    std::optional<instant> max_duration;
    std::optional<instant> assume_start;
    bool long_term = false;
    std::string link;            // the request's page in the web UI
    std::string approve_command; // where there is no page: what to type instead, while pending
    std::string deny_command;
};

card make_card(const access_request& request, const cluster& where, audience reader);

// "role request", "resource request", "resource request (long-term access)": what is asked for, for a title.
std::string what_is_requested(const card& shown);

unsigned count_reviews(const card& shown, request_state proposed) noexcept;

// What of a card changes in its life, in a few letters: "P0", "P2", "A2". Two cards of one request with equal
// faces say the same. Kept in the ledger, so its form must stay.
std::string face_of(const access_request& request);

// How many reviews a message with that face shows.
std::size_t reviews_in(std::string_view face) noexcept;

// True where a message already says more than this snapshot knows: another instance has seen a newer one. A
// resolution is more than none, and more reviews are more than fewer.
bool is_ahead_of(std::string_view face, const access_request& request) noexcept;

} // namespace hallpass::access
