#include "simulation/timeline.hpp"

#include <cstdio>

namespace hallpass::simulation {

namespace {

constexpr std::size_t remembered = 4000;
constexpr std::size_t shown = 60;

} // namespace

void timeline::tell(std::string what) {
    const auto since = clock.now().time_since_epoch() - std::chrono::milliseconds{1772357400000};
    char when[32];
    std::snprintf(when, sizeof when, "%10.3f ", static_cast<double>(since.count()) / 1000);
    what.insert(0, when);
    if (prints) {
        std::printf("%s\n", what.c_str());
    }
    told_.push_back(std::move(what));
    if (told_.size() > remembered) {
        told_.pop_front();
    }
}

std::string timeline::told(const std::string& about) const {
    std::deque<std::string> lines;
    for (const std::string& line : told_) {
        if (line.find(about) == std::string::npos && line.find('*') == std::string::npos) {
            continue;
        }
        lines.push_back(line);
        if (lines.size() > shown) {
            lines.pop_front();
        }
    }
    std::string all;
    for (const std::string& line : lines) {
        all += line + "\n";
    }
    return all;
}

} // namespace hallpass::simulation
