// What stands in the simulated services, in one form for all.
#pragma once

#include "service_row.hpp"

#include <string_view>
#include <vector>

namespace hallpass::test::conformance {

// Of every third party that shows itself on the sandbox's page, see src/sandbox/third_party.hpp.
std::vector<message> messages_on_page(const running_sandbox& sandbox, std::string_view side);

// The same where chats with people have no threads: what follows the card there is taken as its replies.
std::vector<message> messages_in_teams(const running_sandbox& sandbox, std::string_view side);

// The same of services that read Markdown: what stands in code is taken as it is, and so is no markup.
std::vector<message> messages_in_markdown(const running_sandbox& sandbox, std::string_view side);

std::vector<message> messages_in_slack(const running_sandbox& sandbox, std::string_view side);
std::vector<message> messages_in_discord(const running_sandbox& sandbox, std::string_view side);

} // namespace hallpass::test::conformance
