// The rules of Block Kit for each kind of block (api-messaging 1.3): pure.
#pragma once

#include "sandbox/slack_refusal.hpp"

#include <boost/json/array.hpp>

#include <cstddef>
#include <optional>

namespace hallpass::sandbox {

// invalid_blocks with a word on which block and why; nothing where all is well.
std::optional<slack_refusal> check_blocks(const boost::json::array& blocks, std::size_t most = 50);

} // namespace hallpass::sandbox
