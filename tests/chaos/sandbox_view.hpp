// What the sandbox's control port tells, as values that can be judged.
#pragma once

#include "judge.hpp"
#include "support/http_peer.hpp"

#include <map>
#include <string>
#include <vector>

namespace hallpass::chaos {

// The messages of Slack, without their blocks: cheap enough to be asked for again and again.
std::vector<shown_message> read_messages(const test::http_peer& control);

// The same with the blocks.
std::vector<shown_message> read_whole_messages(const test::http_peer& control);

// For each request that hallpass has written down: the holder of its claim, "" where nobody holds it.
std::map<std::string, std::string> read_holders(const test::http_peer& control);

// What hallpass has written down about the request, "" where that is nothing.
std::string read_ledger(const test::http_peer& control, const std::string& id);

// What Teleport says of these requests. Those it no longer has were deleted.
std::vector<true_request> read_requests(const test::http_peer& control, const std::vector<std::string>& ids);

} // namespace hallpass::chaos
