#include "services/mattermost/once_only.hpp"

#include <algorithm>

namespace hallpass::services::mattermost {

bool once_only::take(const std::string& name, instant until, instant now) {
    while (!taken_.empty() && taken_.begin()->first <= now) {
        forgotten_ = std::max(forgotten_, taken_.begin()->first);
        taken_.erase(taken_.begin());
    }
    if (until <= now || until <= forgotten_ || taken_.size() >= capacity_) {
        return false;
    }
    return taken_.emplace(until, name).second;
}

void once_only::give_back(const std::string& name, instant until) {
    taken_.erase({until, name});
}

} // namespace hallpass::services::mattermost
