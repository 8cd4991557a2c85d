// What PagerDuty, Opsgenie and Jira Service Management answer: the first line is the HTTP status, the rest
// the body.
#include "services/opsgenie/replies.hpp"
#include "services/opsgenie/responders.hpp"
#include "services/pagerduty/replies.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace hallpass;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t line = bytes.find('\n');
    if (line == std::string::npos || line == 0) {
        return 0;
    }
    ports::http_response response;
    response.status = 100 + bytes[0] % 5 * 100 + (bytes[0] == '4' ? 29 : 0);
    response.body = bytes.substr(line + 1);
    response.headers.emplace_back("ratelimit-reset", bytes.substr(1, line - 1));
    response.headers.emplace_back("X-RateLimit-Period-In-Sec", bytes.substr(1, line - 1));
    static_cast<void>(services::pagerduty::read_reply("an incident", true, response));
    for (const auto on : {services::opsgenie::platform::opsgenie, services::opsgenie::platform::jsm}) {
        const auto read = services::opsgenie::read_reply(on, "an alert", true, response);
        if (read.has_error() && read.error().text().find('\n') != std::string::npos) {
            std::abort();
        }
    }
    // What names responders says the same again.
    const auto named = services::opsgenie::read_responders(response.body);
    const std::string text = services::opsgenie::to_text(named);
    if (services::opsgenie::to_text(services::opsgenie::read_responders(text)) != text) {
        std::abort();
    }
    return 0;
}
