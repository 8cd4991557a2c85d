// Microsoft's clouds: where each is, and in whose name it signs (api-messaging 4.1, 4.2; the endpoints of
// proactive messages and of Graph are those of Microsoft's documentation).
#pragma once

#include <string>
#include <string_view>

namespace hallpass::services::msteams {

struct cloud {
    std::string_view name; // as msapi.cloud has it
    std::string_view login_url;
    std::string_view graph;   // what its tokens are for: without a slash at its end
    std::string_view bot_url; // "" where it isn't documented
    std::string_view bot_login_url;
    std::string_view bot_scope;
    std::string_view bot_issuer;
};

const cloud& public_cloud() noexcept;
// Null where there is none of that name.
const cloud* find_cloud(std::string_view name) noexcept;
// "public", "gcc" and so on, for people.
std::string cloud_names();

} // namespace hallpass::services::msteams
