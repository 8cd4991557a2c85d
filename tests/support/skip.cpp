#include "support/skip.hpp"

#include <doctest/doctest.h>

#include <iostream>

namespace hallpass::test {

void skip(std::string_view reason) {
    std::cout << "[skipped] " << doctest::getContextOptions()->currentTest->m_name << ": " << reason << "\n";
}

} // namespace hallpass::test
