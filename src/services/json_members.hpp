// Foreign JSON, and members of it, which may be missing or something else than they should be.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace hallpass::services {

// Nothing where it isn't JSON, or is nested deeper than this.
std::optional<boost::json::value> parse_foreign(std::string_view text, std::size_t deepest = 32);

// A text member, "" where it isn't there or is something else.
std::string_view text_of(const boost::json::object& from, std::string_view name) noexcept;

// A member that is an object; an empty one where it isn't there or is something else.
const boost::json::object& object_of(const boost::json::object& from, std::string_view name) noexcept;

// A member that is a list; an empty one where it isn't there or is something else.
const boost::json::array& array_of(const boost::json::object& from, std::string_view name) noexcept;

} // namespace hallpass::services
