#include "services/discord/errors.hpp"

#include <algorithm>
#include <array>

namespace hallpass::services::discord {

namespace {

constexpr std::string_view new_token = "put the bot's token into discord.token; it is in the Developer "
                                       "Portal under \"Bot\", and a reset makes a new one";
constexpr std::string_view permissions =
    "give the bot's role View Channel, Send Messages, Embed Links and Read Message History in the channel";
constexpr std::string_view not_reachable =
    "the person must share a server with the bot and allow direct messages from its members";
constexpr std::string_view automod = "a rule of the server's AutoMod forbids it; ask its owner";
constexpr std::string_view our_mistake = "this is a mistake of hallpass; please report it";

// clang-format off
constexpr std::array<error_meaning, 40> table{{
    {10003,  fault_kind::permanent,    "check the channel's id; the bot must be a member of its server"},
    {10004,  fault_kind::permanent,    "the bot must be a member of the server"},
    {10008,  fault_kind::not_found,    ""},
    {10013,  fault_kind::not_found,    "check the user's id in [discord.users]"},
    {10015,  fault_kind::not_found,    ""}, // the token of an interaction, before its answer or after its time
    {10062,  fault_kind::not_found,    "the answer came too late"},
    {20016,  fault_kind::rate_limited, ""}, // slow mode
    {20022,  fault_kind::rate_limited, ""},
    {20028,  fault_kind::rate_limited, ""},
    {20029,  fault_kind::rate_limited, ""},
    {30046,  fault_kind::rate_limited, ""}, // edits of messages older than an hour
    {40001,  fault_kind::unauthorised, new_token},
    {40002,  fault_kind::unauthorised, "Discord wants the account verified"},
    {40003,  fault_kind::rate_limited, ""}, // too many direct messages opened
    {40004,  fault_kind::transient,    ""},
    {40005,  fault_kind::permanent,    our_mistake},
    {40060,  fault_kind::conflict,     ""}, // somebody else has answered the interaction
    {40062,  fault_kind::rate_limited, ""},
    {40333,  fault_kind::transient,    "is a proxy in between that changes User-Agent?"},
    {50001,  fault_kind::permanent,    permissions},
    {50005,  fault_kind::permanent,    "the message was posted by another bot"},
    {50006,  fault_kind::permanent,    our_mistake},
    {50007,  fault_kind::permanent,    not_reachable},
    {50008,  fault_kind::permanent,    "name a text channel"},
    {50009,  fault_kind::permanent,    "the server's verification level is too high for the bot"},
    {50013,  fault_kind::permanent,    permissions},
    {50014,  fault_kind::unauthorised, new_token},
    {50027,  fault_kind::permanent,    "the answer came more than 15 minutes late"},
    {50033,  fault_kind::permanent,    "check the user's id in [discord.users]"},
    {50035,  fault_kind::permanent,    our_mistake},
    {50083,  fault_kind::permanent,    "the thread is archived; name another channel, or open it again"},
    {50109,  fault_kind::permanent,    our_mistake},
    {50278,  fault_kind::permanent,    not_reachable},
    {130000, fault_kind::transient,    ""},
    {160002, fault_kind::permanent,    "give the bot's role Read Message History in the channel"},
    {160005, fault_kind::permanent,    "the thread is locked"},
    {200000, fault_kind::permanent,    automod},
    {200001, fault_kind::permanent,    automod},
    {240000, fault_kind::permanent,    "Discord takes a link in it for a harmful one"},
    {40007,  fault_kind::permanent,    "the bot is banned from the server"},
}};

// clang-format on

error_meaning meaning_of_status(std::int64_t code, int status) noexcept {
    switch (status) {
    case 401:
        return {code, fault_kind::unauthorised, new_token};
    case 404:
        return {code, fault_kind::permanent, "is api_url right?"};
    case 429:
        return {code, fault_kind::rate_limited, ""};
    default:
        return {code, status >= 500 ? fault_kind::transient : fault_kind::permanent, ""};
    }
}

} // namespace

error_meaning meaning_of(std::int64_t code, int status) noexcept {
    const auto found = std::find_if(table.begin(), table.end(), [code](const error_meaning& one) {
        return one.code == code;
    });
    return found == table.end() ? meaning_of_status(code, status) : *found;
}

} // namespace hallpass::services::discord
