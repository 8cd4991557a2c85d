// Words that travel through mail and browsers and come back as they went, or not at all.
#pragma once

#include "base/time.hpp"
#include "services/seal.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::email {

struct unsealed {
    std::vector<std::string> words;
    bool expired = false;
};

// Of base64url's alphabet; for one purpose, and until then.
std::string
seal_words(const seal& by, std::string_view purpose, const std::vector<std::string>& words, instant until);

// Nothing where it wasn't sealed by us for this purpose.
std::optional<unsealed>
open_words(const seal& by, std::string_view purpose, std::string_view sealed, instant now);

} // namespace hallpass::services::email
