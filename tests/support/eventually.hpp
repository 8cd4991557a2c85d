// Waiting for something that another process or thread brings about.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

namespace hallpass::test {

// Asks again and again until the answer is yes; throws, naming what was waited for, when it hasn't come in
// time.
void eventually(
    std::string_view what,
    const std::function<bool()>& condition,
    std::chrono::milliseconds limit = std::chrono::seconds(20)
);

} // namespace hallpass::test
