// Signed tokens in compact form (RFC 7515, 7519), and what their claims say of who made them, for whom and
// when.
#pragma once

#include "base/time.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services {

inline constexpr std::size_t largest_token = std::size_t{16} * 1024;

// Parsed, and nothing of it verified.
struct signed_token {
    std::string algorithm;
    std::string key_id; // "" where it names none
    boost::json::object claims;
    std::string signed_text;
    std::string signature;
};

// Nothing where it isn't one, or needs extensions to be understood.
std::optional<signed_token> read_signed_token(std::string_view text);

enum class claim_fault { issuer, audience, too_late, too_early };

struct expected_claims {
    std::string issuer;
    std::string audience; // one of several in the token counts, too
    std::chrono::seconds clocks_differ{60};
    instant now{};
};

// The first claim that is wrong: "iss", "aud", "exp", which must be there, "nbf" and "iat".
std::optional<claim_fault> judge_claims(const boost::json::object& claims, const expected_claims& expected);

} // namespace hallpass::services
