// What comes over Discord's Gateway: whatever it is, what we send back is small and in form, and a session is
// resumed only at Discord.
#include "services/discord/gateway_session.hpp"
#include "services/json_members.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace hallpass;
using namespace hallpass::services::discord;

namespace {

constexpr std::size_t largest_payload = 4096; // that Discord takes

void look_at(const gateway_step& step) {
    if (step.send.size() > largest_payload ||
        (!step.send.empty() && !services::parse_foreign(step.send).has_value())) {
        std::abort();
    }
    if (step.leave_with && (*step.leave_with == 1000 || *step.leave_with == 1001)) {
        std::abort();
    }
}

} // namespace

// Lines are frames.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    gateway_session session(secret("the.token"), "https://discord.example/api/v10/", 1);
    instant now{std::chrono::seconds(1'700'000'000)};
    session.begin(now);
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        look_at(session.take(rest.substr(0, end), now));
        if (session.wait(now).count() < 0) {
            std::abort();
        }
        const std::string& address = session.resume_address();
        if (!address.empty() && !address.starts_with("wss://")) {
            std::abort();
        }
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    now += session.wait(now);
    look_at(session.tick(now));
    return 0;
}
