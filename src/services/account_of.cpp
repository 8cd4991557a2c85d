#include "services/account_of.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hallpass::services {

std::optional<std::string> account_of(std::string_view teleport_user, const access::people* known) {
    if (known == nullptr) {
        return std::nullopt;
    }
    const std::string wanted = lower_case(teleport_user);
    const auto found = std::find_if(known->begin(), known->end(), [&](const auto& one) {
        return lower_case(one.second) == wanted;
    });
    return found == known->end() ? std::nullopt : std::optional(found->first);
}

} // namespace hallpass::services
