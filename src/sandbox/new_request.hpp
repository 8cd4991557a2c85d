// What the server checks and fills in when a request or a review comes (teleport-wire 3.4 and 11): pure.
#pragma once

#include "sandbox/cluster_types.hpp"
#include "sandbox/refusal.hpp"

#include <optional>

namespace hallpass::sandbox {

outcome<recorded_request> make_request(new_request wanted, const cluster_settings& settings, instant now);

// Why the request can't take this review; nothing where it can.
std::optional<refusal> refuse_review(const access::access_request& request, const new_review& given);

} // namespace hallpass::sandbox
