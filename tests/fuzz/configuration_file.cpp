// A file that an operator may have fetched from anywhere.
#include "config/toml.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    hallpass::problems found;
    static_cast<void>(hallpass::config::parse_toml(
        "file.toml", std::string_view(reinterpret_cast<const char*>(data), size), found
    ));
    return 0;
}
