// JSON held against a file that a person has looked at.
#pragma once

#include <boost/json/value.hpp>

#include <string_view>

namespace hallpass::test {

// Fails where the test's golden/NAME.json differs. With HALLPASS_UPDATE_GOLDEN in the environment the
// file is written instead.
void check_golden(std::string_view name, const boost::json::value& made);

} // namespace hallpass::test
