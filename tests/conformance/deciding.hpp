// How people decide in the simulated services: each in the place of its service where people press.
#pragma once

#include "service_row.hpp"

#include <string>
#include <string_view>

namespace hallpass::test::conformance {

// By what the sandbox's page offers beside a message: a press, and the form that it opens, if any.
std::string decide_on_page(
    const running_sandbox& sandbox,
    std::string_view side,
    const message& on,
    const std::string& account,
    std::string_view verdict
);
std::string decide_in_slack(
    const running_sandbox& sandbox,
    std::string_view side,
    const message& on,
    const std::string& account,
    std::string_view verdict
);
std::string decide_in_discord(
    const running_sandbox& sandbox,
    std::string_view side,
    const message& on,
    const std::string& account,
    std::string_view verdict
);
// By the link of a letter, with a browser that logs in.
std::string decide_by_letter(
    const running_sandbox& sandbox,
    std::string_view side,
    const message& on,
    const std::string& account,
    std::string_view verdict
);

} // namespace hallpass::test::conformance
