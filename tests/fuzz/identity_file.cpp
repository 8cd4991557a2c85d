// An identity file, which OpenSSL reads parts of.
#include "teleport/identity.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static_cast<void>(hallpass::teleport::parse_identity(
        std::string_view(reinterpret_cast<const char*>(data), size), "identity"
    ));
    return 0;
}
