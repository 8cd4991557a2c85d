// Where Discord's Gateway is, as Discord says it (api-messaging 2.4): a token goes there, so not anywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::discord {

// With the version and the encoding that we speak: "wss://gateway.discord.gg/?v=10&encoding=json". Nothing
// where it isn't wss, or its host is neither below discord.gg nor the API's.
std::optional<std::string> gateway_address(std::string_view told, std::string_view api_url);

} // namespace hallpass::services::discord
