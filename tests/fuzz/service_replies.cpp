// What Slack, Discord and Mattermost answer: the first line is the HTTP status, the rest the body.
#include "services/discord/replies.hpp"
#include "services/mattermost/messages.hpp"
#include "services/mattermost/replies.hpp"
#include "services/slack/messages.hpp"
#include "services/slack/replies.hpp"

#include <cstdint>
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
    response.headers.emplace_back("Content-Type", "application/json");
    response.headers.emplace_back("Retry-After", bytes.substr(1, line - 1));
    const auto slack = services::slack::read_reply("chat.postMessage", true, response);
    if (slack.has_value()) {
        static_cast<void>(services::slack::keys_of(*slack));
    }
    static_cast<void>(services::discord::read_reply("a message", true, response));
    const auto mattermost = services::mattermost::read_reply("POST posts", true, response);
    if (mattermost.has_value() && mattermost->is_object()) {
        static_cast<void>(services::mattermost::carries(mattermost->get_object(), {"request", "card"}));
    }
    return 0;
}
