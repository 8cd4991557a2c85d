// Whether a callback was sent by Slack, just now, and for the first time (api-messaging 1.6).
#pragma once

#include "base/secret.hpp"
#include "base/time.hpp"
#include "ports/callbacks.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace hallpass::services::slack {

class signature_check {
public:
    // What is signed for a time before `made` is refused: another process may have seen it already. At most
    // `capacity` signatures are remembered; when they are all fresh, nothing more is accepted.
    signature_check(secret key, instant made, std::size_t capacity = 100'000);

    // Why the request is refused, for the log only; nothing where it is good, and then never again.
    std::optional<std::string_view> refuse(const ports::callback_request& request, instant now);

private:
    void forget_old(std::int64_t now);
    std::string sign(std::string_view timestamp, std::string_view body) const;

    secret key_;
    std::int64_t not_before_; // seconds
    std::size_t capacity_;
    std::set<std::pair<std::int64_t, std::string>> seen_; // by their time
};

} // namespace hallpass::services::slack
