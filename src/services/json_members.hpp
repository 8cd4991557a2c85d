// Members of foreign JSON, which may be missing or something else than they should be.
#pragma once

#include <boost/json/object.hpp>

#include <string_view>

namespace hallpass::services {

// A text member, "" where it isn't there or is something else.
std::string_view text_of(const boost::json::object& from, std::string_view name) noexcept;

// A member that is an object; an empty one where it isn't there or is something else.
const boost::json::object& object_of(const boost::json::object& from, std::string_view name) noexcept;

} // namespace hallpass::services
