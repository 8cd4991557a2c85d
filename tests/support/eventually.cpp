#include "support/eventually.hpp"

#include <stdexcept>
#include <string>
#include <thread>

namespace hallpass::test {

void eventually(
    std::string_view what, const std::function<bool()>& condition, std::chrono::milliseconds limit
) {
    const auto give_up = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= give_up) {
            throw std::runtime_error(
                "not within " + std::to_string(limit.count()) + " ms: " + std::string(what)
            );
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

} // namespace hallpass::test
