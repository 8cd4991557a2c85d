// The body of a webhook whose secret was right: nothing but a sys_id is taken.
#include "services/servicenow/decisions.hpp"
#include "services/servicenow/query.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace hallpass::services::servicenow;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto id = read_webhook(bytes); id && !is_sys_id(*id)) {
        std::abort();
    }
    if (!is_plain_value(correlation_of(bytes))) {
        std::abort();
    }
    return 0;
}
