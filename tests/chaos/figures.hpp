// Runs a row of a matrix, prints it as one, and checks that nothing was found.
#pragma once

#include "ordeal.hpp"

#include <vector>

namespace hallpass::chaos {

void endure_and_check(const ordeal& what);

commands joined(std::vector<commands> all);

// The Auth Service's part in what goes wrong.
commands auth_errors(double percent);
commands lost_auth_answers(double percent);
commands slow_auth_answers();

} // namespace hallpass::chaos
