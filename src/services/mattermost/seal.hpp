// Marks that nobody but hallpass can make: the same in all instances that share a configuration.
#pragma once

#include "base/secret.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace hallpass::services::mattermost {

class seal {
public:
    // From the operator's secret, or, where that is "", from the token: by HKDF-SHA256, each with a label of
    // its own, so that the key tells nothing of what it was made from.
    seal(const secret& action_secret, const secret& token);

    // HMAC-SHA256 of the parts, which can't run into each other, in hex. `use` keeps marks for one thing from
    // counting for another.
    std::string mark(std::string_view use, std::initializer_list<std::string_view> parts) const;

    // In constant time.
    bool is_mark(std::string_view given, std::string_view use, std::initializer_list<std::string_view> parts)
        const;

private:
    secret key_;
};

} // namespace hallpass::services::mattermost
