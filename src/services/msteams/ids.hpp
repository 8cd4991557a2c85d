// Ids of Microsoft's, and how they are written into URLs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::msteams {

// "0b1f6f0e-2a52-4d0f-9b8e-2d1f4a6b7c01", in any case of letters.
bool is_guid(std::string_view text) noexcept;

// One part of a path or a value in a query: everything but letters, digits and "-._~" is percent-encoded.
std::string in_url(std::string_view text);

// A text in an OData filter, percent-encoded: its quotes are doubled, so that it stays one text.
std::string in_filter(std::string_view text);

// A link to a channel, as "Get link to channel" gives it (upstream-messaging 6.4).
struct channel_link {
    std::string tenant; // in small letters
    std::string group;  // the team
    std::string conversation;
};

// Nothing where it isn't one.
std::optional<channel_link> parse_channel_link(std::string_view text);

// A conversation of many: replies go below a message of it.
bool is_channel(std::string_view conversation) noexcept;
// And not a recipient, as an operator writes one: an address, a user's id, a channel's link.
bool is_conversation(std::string_view text) noexcept;

} // namespace hallpass::services::msteams
