// What comes with a callback of Teams: an activity where the bytes begin with "{", else a token and a
// document of keys. Neither may be believed beyond what we could have made.
#include "services/msteams/activity.hpp"
#include "services/msteams/caller.hpp"
#include "services/msteams/ids.hpp"
#include "services/msteams/replies.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace hallpass;
using namespace hallpass::services;
using namespace hallpass::services::msteams;

namespace {

void read_as_activity(std::string_view bytes) {
    const auto read = read_activity(bytes);
    if (read && read->action) {
        const card_action& action = *read->action;
        if (!is_guid(action.who.object_id) || action.request_id.empty() || action.id.empty() ||
            (!action.who.tenant.empty() && !is_guid(action.who.tenant))) {
            std::abort();
        }
    }
    ports::http_response response;
    response.status = 403;
    response.body = bytes;
    static_cast<void>(read_reply("a call", true, response));
}

// Nothing signed by a key of ours is in the corpus, and nothing can be found by chance.
void read_as_token(std::string_view bytes) {
    const std::size_t line = bytes.find('\n');
    const auto token = read_signed_token(bytes.substr(0, line));
    const auto keys = read_published_keys(line == std::string_view::npos ? "" : bytes.substr(line + 1));
    static_cast<void>(parse_channel_link(bytes));
    if (!token || !keys.has_value()) {
        return;
    }
    static_cast<void>(refuse_claims(
        *token, "https://api.botframework.com", "0a990000-0000-4000-8000-00000000b017", instant{}
    ));
    for (const published_key& key : *keys) {
        static_cast<void>(refuse_signature(*token, &key));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (bytes.starts_with('{')) {
        read_as_activity(bytes);
    } else {
        read_as_token(bytes);
    }
    return 0;
}
