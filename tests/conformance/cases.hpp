// The cases that every service must pass, each for one row on its stage. A failure is a doctest check or a
// thrown error that says what was waited for and what is there instead.
#pragma once

#include "stage.hpp"

#include <span>
#include <string_view>

namespace hallpass::test::conformance {

struct conformance_case {
    std::string_view name;
    void (*run)(stage& on);
};

// What is told, and where.
std::span<const conformance_case> telling_cases();
// What goes wrong at the service.
std::span<const conformance_case> failure_cases();
// Where it refuses us.
std::span<const conformance_case> credential_cases();
// What people do there.
std::span<const conformance_case> decision_cases();

} // namespace hallpass::test::conformance
