// Peers that are no Auth Service, or refuse us before they are one.
#pragma once

#include "unit/teleport/pki.hpp"

#include <memory>
#include <string>

namespace hallpass::test {

// Answers every connection with the same bytes, and then waits for its end.
class raw_peer {
public:
    // Over plain TCP.
    explicit raw_peer(std::string bytes);
    // Over TLS 1.3 with ALPN `protocol`; clients of `client_ca` only, where it is not empty.
    raw_peer(const pki::pair& own, std::string client_ca, std::string protocol, std::string bytes);
    ~raw_peer();

    std::string address() const;

private:
    struct parts;

    void serve();

    std::unique_ptr<parts> parts_;
};

} // namespace hallpass::test
