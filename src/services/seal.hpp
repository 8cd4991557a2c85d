// Marks that nobody but hallpass can make: the same in all instances that share a configuration.
#pragma once

#include "base/secret.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services {

class seal {
public:
    // The key is derived by HKDF-SHA256 under a label of its own, so that it tells nothing of what it was
    // made from.
    seal(const secret& from, std::string_view label);

    // HMAC-SHA256 of the parts, which can't run into each other, in base64url. `use` keeps marks for one
    // thing from counting for another.
    std::string mark(std::string_view use, std::initializer_list<std::string_view> parts) const;

    // The text behind its mark, and the text of such a one: nothing where the mark isn't right. Compared in
    // constant time.
    std::string sealed(std::string_view use, std::string_view text) const;
    std::optional<std::string_view> opened(std::string_view use, std::string_view sealed) const;

private:
    secret key_;
};

// 32 random bytes in base64url.
std::string random_word();

} // namespace hallpass::services
