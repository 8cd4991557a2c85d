// Activities as Microsoft sends them.
#pragma once

#include "bench.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace hallpass::test {

// By bob, on the card of the sample request.
boost::json::object pressed(std::string_view verb);

// What Microsoft signs for it, at `now`.
boost::json::object claims_at(instant now);

} // namespace hallpass::test
