// Whether a callback was sent by Discord, just now, and for the first time (api-messaging 2.3).
#pragma once

#include "base/time.hpp"
#include "ports/callbacks.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace hallpass::services::discord {

inline constexpr std::size_t public_key_bytes = 32;

// Of hex digits in any case; nothing where it is something else, or not of that many bytes.
std::optional<std::string> read_hex(std::string_view text, std::size_t bytes);

class signature_check {
public:
    // `public_key`: the bytes of an Ed25519 key. What is signed for a time before `made` is refused: another
    // process may have seen it already. At most `capacity` signatures are remembered; when they are all
    // fresh, nothing more is accepted.
    signature_check(std::string public_key, instant made, std::size_t capacity = 100'000);

    // Why the request is refused, for the log only; nothing where it is good, and then never again.
    std::optional<std::string_view> refuse(const ports::callback_request& request, instant now);

private:
    void forget_old(std::int64_t now);
    bool is_signed(std::string_view timestamp, std::string_view body, std::string_view signature) const;

    std::string key_;
    std::int64_t not_before_; // seconds
    std::size_t capacity_;
    std::set<std::pair<std::int64_t, std::string>> seen_; // by their time
};

} // namespace hallpass::services::discord
