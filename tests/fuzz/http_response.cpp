// What third parties, proxies and whoever is between answer, in pieces.
#include "net/response_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    hallpass::net::response_reader reader;
    reader.restart({4096, 4096}, size > 0 && (data[0] & 1) != 0);
    std::string waiting;
    const std::size_t piece = size > 1 ? 1 + data[1] % 8 : 1;
    for (std::size_t begin = 0; begin < size; begin += piece) {
        waiting += bytes.substr(begin, piece);
        if (reader.problem().empty() && !reader.done()) {
            waiting.erase(0, reader.feed(waiting));
        }
    }
    reader.feed_end();
    if (reader.problem().empty() && reader.done()) {
        static_cast<void>(reader.take());
    }
    return 0;
}
