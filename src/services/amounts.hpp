// How much of a card is shown. Each service has a row of them, from generous to tight, and takes the first
// that fits into what it may send.
#pragma once

#include <cstddef>

namespace hallpass::services {

// Bytes of texts, numbers of things.
struct amounts {
    std::size_t reason;
    std::size_t review_reason;
    std::size_t name; // a user, a role, a resource, a login
    std::size_t roles;
    std::size_t logins; // of each role
    std::size_t resources;
    std::size_t reviews;
};

} // namespace hallpass::services
