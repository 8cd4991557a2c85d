// What counts once: names of clicks and of forms, remembered for as long as they could be sent again.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <utility>

namespace hallpass::services::mattermost {

class once_only {
public:
    // When so many are remembered and all could still come, nothing more is taken.
    explicit once_only(std::size_t capacity = 100'000) : capacity_(capacity) {}

    // True the first time. `until` is when the thing itself ends, and the same each time.
    bool take(const std::string& name, instant until, instant now);
    // It counted for nothing, and may come again.
    void give_back(const std::string& name, instant until);

private:
    std::size_t capacity_;
    instant forgotten_{}; // should the clock go back, what is forgotten stays refused
    std::set<std::pair<instant, std::string>> taken_;
};

} // namespace hallpass::services::mattermost
