// Which calls go through a proxy, as the environment says: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, read as Go
// reads them.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "net/url.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::net {

struct proxy_server {
    std::string host;
    std::uint16_t port = 80;
    secret authorization; // "Basic dTpw", empty where the URL names no user
};

class proxy_settings {
public:
    // Everything directly.
    proxy_settings() = default;

    // nullptr: directly. Loopback addresses and "localhost" never go through a proxy.
    const proxy_server* proxy_for(const url& target) const;

    std::optional<proxy_server> for_https;
    std::optional<proxy_server> for_http;
    std::vector<std::string> exceptions; // NO_PROXY, lower case, one entry each
};

using environment_lookup = std::function<std::optional<std::string>(const char* name)>;

// Upper-case names before lower-case ones. malformed where a proxy's URL can't be used.
result<proxy_settings> read_proxy_settings(const environment_lookup& environment);

// The process's own variables.
std::optional<std::string> process_environment(const char* name);

} // namespace hallpass::net
