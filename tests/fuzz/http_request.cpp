// What strangers send to a listener, whole and in pieces: where the cuts are must not matter for what is
// read.
#include "net/request_reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace hallpass;

namespace {

struct outcome {
    int refusal = 0;
    bool done = false;
    std::string told;

    bool operator==(const outcome&) const = default;
};

outcome read(std::string_view bytes, std::size_t piece) {
    net::request_reader reader({4096, 4096});
    std::string waiting;
    for (std::size_t begin = 0; begin < bytes.size(); begin += piece) {
        waiting += bytes.substr(begin, piece);
        std::size_t used = 1;
        while (used > 0 && !waiting.empty() && reader.refusal() == 0 && !reader.done()) {
            used = reader.feed(waiting);
            waiting.erase(0, used);
        }
    }
    outcome read;
    read.refusal = reader.refusal();
    read.done = reader.done();
    if (read.done) {
        const net::server_request request = reader.take();
        read.told = request.method + " " + request.path + "?" + request.query + "\n" + request.body;
        for (const auto& [name, value] : request.headers) {
            read.told.append("\n").append(name).append(": ").append(value);
        }
    }
    return read;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const outcome whole = read(bytes, size);
    for (const std::size_t piece : {1U, 2U, 7U}) {
        if (whole.done && !(whole == read(bytes, piece))) {
            std::abort();
        }
    }
    return 0;
}
