// What a modal must look like (api-messaging 1.3 and 1.6): pure.
#pragma once

#include "sandbox/slack_refusal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>

namespace hallpass::sandbox {

// invalid_arguments or view_too_large with a word on why; nothing where all is well.
std::optional<slack_refusal> check_view(const boost::json::object& view);

// Gives blocks and their elements the ids that they lack, as Slack does.
void name_blocks(boost::json::array& blocks);

} // namespace hallpass::sandbox
