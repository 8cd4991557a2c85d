// "host:port", as teleport.addr has it.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hallpass::teleport::transport {

inline constexpr std::uint16_t default_auth_port = 3025;

struct address {
    std::string host; // without brackets
    std::uint16_t port = default_auth_port;
};

// Takes "host", "host:port", "[::1]:port" and a leading "https://"; permanent for anything else.
result<address> parse_address(std::string_view text);

std::string to_string(const address& at);

} // namespace hallpass::teleport::transport
