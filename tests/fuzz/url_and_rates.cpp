// A URL of a configuration, and the headers that tell how fast we may go: a line of the input each.
#include "net/rate_notice.hpp"
#include "net/url.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace hallpass;
using namespace std::chrono_literals;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t line = bytes.find('\n');
    static_cast<void>(net::parse_url(bytes.substr(0, line)));
    if (line == std::string_view::npos) {
        return 0;
    }
    const std::string value(bytes.substr(line + 1));
    for (const char* name : {"Retry-After", "RateLimit", "X-RateLimit-Reset-After", "RateLimit-Reset"}) {
        const net::rate_notice read = net::read_rate_notice(
            {{name, value}, {"X-RateLimit-Remaining", "0"}, {"RateLimit-Remaining", "0"}}, {}
        );
        for (const auto wait : {read.retry_after, read.exhausted_for}) {
            if (wait && (*wait < 0ms || *wait > 1h)) {
                std::abort();
            }
        }
    }
    return 0;
}
