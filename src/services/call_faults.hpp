// What becomes of a call's answer before its content is looked at, alike in all services.
#pragma once

#include "base/result.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string_view>

namespace hallpass::services {

// A fault of the HTTP client, named by the call: "Jira POST issue". Where the answer was no HTTP, trying
// again may help, and a call that `makes` something may have made it.
fault failed_call(const fault& failed, std::string_view name, bool makes);

// Of an answer that must be an object.
result<boost::json::object> only_object(result<boost::json::value> reply, std::string_view name, bool makes);

} // namespace hallpass::services
