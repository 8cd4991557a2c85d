// What the sandbox's control port tells, as values that can be judged.
#pragma once

#include "judge.hpp"
#include "support/http_peer.hpp"

#include <map>
#include <string>
#include <vector>

namespace hallpass::chaos {

// For each request that a service has written down: the holder of its claim, "" where nobody holds it. The
// plugin is the service's name as the owner of its data.
std::map<std::string, std::string>
read_holders(const test::http_peer& control, const std::string& plugin = "slack");

// What it has written down about the request, "" where that is nothing.
std::string read_ledger(const test::http_peer& control, const std::string& plugin, const std::string& id);

// What Teleport says of these requests. Those it no longer has were deleted.
std::vector<true_request> read_requests(const test::http_peer& control, const std::vector<std::string>& ids);

} // namespace hallpass::chaos
