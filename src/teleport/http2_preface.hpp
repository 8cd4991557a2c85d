// Whether a server begins as HTTP/2 does. gRPC takes an HTTP/1 answer "200" for the success of a call,
// without there being a response; so nobody but an HTTP/2 server may reach it.
#pragma once

#include <cstddef>
#include <span>

namespace hallpass::teleport {

class http2_preface {
public:
    // Of the bytes in their order. False once they can't be the header of a SETTINGS frame on stream 0, which
    // must come first (RFC 9113, 3.4).
    bool accepts(std::span<const std::byte> next) noexcept {
        constexpr std::size_t type_at = 3;
        constexpr std::size_t stream_at = 5;
        constexpr std::size_t header_bytes = 9;
        constexpr std::byte settings{4};
        for (std::size_t i = 0; i < next.size() && seen_ < header_bytes; ++i, ++seen_) {
            if ((seen_ == type_at && next[i] != settings) ||
                (seen_ >= stream_at && next[i] != std::byte{0})) {
                return false;
            }
        }
        return true;
    }

private:
    std::size_t seen_ = 0;
};

} // namespace hallpass::teleport
