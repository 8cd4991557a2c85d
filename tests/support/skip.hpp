// Says that a test case can't run here, and why. Return from the case afterwards.
#pragma once

#include <string_view>

namespace hallpass::test {

// "./dev test" counts the case as skipped, with the reason, instead of as passed.
void skip(std::string_view reason);

} // namespace hallpass::test
