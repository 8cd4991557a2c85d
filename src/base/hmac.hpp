// HMAC with SHA-256 (RFC 2104), by which webhooks are signed and seals are made.
#pragma once

#include <string>
#include <string_view>

namespace hallpass {

// 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);

} // namespace hallpass
