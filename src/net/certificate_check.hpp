// What is wrong with a server's certificate, before anybody connects.
#pragma once

#include "base/time.hpp"
#include "net/http_server.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace hallpass::net {

enum class certificate_problem {
    no_certificate, // nothing else can be said then
    no_key,         // or one with a passphrase
    not_together,
    not_yet_valid,
    ended,
    ends_soon,
    other_host,
};

struct certificate_state {
    std::vector<certificate_problem> problems; // none: all is well
    instant valid_from;
    instant valid_until;
};

inline constexpr std::chrono::hours soon = std::chrono::hours(14 * 24);

// `host` is a name or an IP address that people and third parties call; "" where nobody knows.
certificate_state inspect(const server_identity& identity, const std::string& host, instant now);

} // namespace hallpass::net
