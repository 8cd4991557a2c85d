// What stands in the simulated services, in one form for all.
#pragma once

#include "service_row.hpp"

#include <string_view>
#include <vector>

namespace hallpass::test::conformance {

// Of every third party that shows itself on the sandbox's page, see src/sandbox/third_party.hpp.
std::vector<message> messages_on_page(const running_sandbox& sandbox, std::string_view side);

std::vector<message> messages_in_slack(const running_sandbox& sandbox, std::string_view side);
std::vector<message> messages_in_discord(const running_sandbox& sandbox, std::string_view side);

} // namespace hallpass::test::conformance
