// HMAC with SHA-256, as the third parties sign what they post.
#pragma once

#include <string>
#include <string_view>

namespace hallpass::sandbox {

// 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);

} // namespace hallpass::sandbox
