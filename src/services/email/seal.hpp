// Words that travel through mail and browsers and come back as they went, or not at all.
#pragma once

#include "base/secret.hpp"
#include "base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::email {

struct unsealed {
    std::vector<std::string> words;
    bool expired = false;
};

// HMAC-SHA256 under a key of the operator's; each purpose has its own key, derived from it. Instances with
// the same key read each other's.
class sealer {
public:
    explicit sealer(secret key);

    // Of base64url's alphabet and one dot.
    std::string seal(std::string_view purpose, const std::vector<std::string>& words, instant until) const;
    // Nothing where it wasn't sealed here for this purpose.
    std::optional<unsealed> open(std::string_view purpose, std::string_view sealed, instant now) const;

    // 32 bytes in base64url that nobody else can tell from `text`.
    std::string derive(std::string_view purpose, std::string_view text) const;

private:
    secret key_;
};

// 32 random bytes in base64url.
std::string random_word();

} // namespace hallpass::services::email
