// An absolute http or https URL, taken apart.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hallpass::net {

struct url {
    bool tls = true;
    std::string host; // lower case, an IPv6 address without brackets
    std::uint16_t port = 443;
    std::string target; // path and query as they stand in the request line, "/" at least
    std::string
        authority; // "slack.com", "[::1]:8080": for the Host field, the port only where it isn't the default

    // The target without the query, which may hold what no log should.
    std::string_view path() const noexcept;
};

// malformed, naming what is wrong, without the URL itself. A fragment is dropped; user and password are
// refused.
result<url> parse_url(std::string_view text);

// "slack.com:443", "[::1]:443".
std::string host_and_port(std::string_view host, std::uint16_t port);

} // namespace hallpass::net
