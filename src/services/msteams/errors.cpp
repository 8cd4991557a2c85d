#include "services/msteams/errors.hpp"

#include <algorithm>
#include <array>

namespace hallpass::services::msteams {

namespace {

constexpr std::string_view consent =
    "an administrator must consent to the application permissions AppCatalog.Read.All, User.Read.All, "
    "TeamsAppInstallation.ReadWriteSelfForUser.All and TeamsAppInstallation.ReadWriteSelfForTeam.All";
constexpr std::string_view not_in_team = "add the app to the team, or to the chat";
constexpr std::string_view blocked = "the person has blocked the app or taken it away";
constexpr std::string_view switched_off = "an administrator must allow the app in the Teams admin center";
constexpr std::string_view credentials = "check app_id, app_secret and tenant_id in [msapi], and that the "
                                         "bot's registration has the same app id";
constexpr std::string_view our_mistake = "this is a mistake of hallpass; please report it";

// clang-format off
constexpr std::array<error_meaning, 22> table{{
    {"Authorization_RequestDenied",    fault_kind::unauthorised, consent},
    {"Authorization_IdentityNotFound", fault_kind::unauthorised, credentials},
    {"Forbidden",                      fault_kind::unauthorised, consent},
    {"AccessDenied",                   fault_kind::unauthorised, consent},
    {"InvalidAuthenticationToken",     fault_kind::unauthorised, credentials},
    {"Unauthorized",                   fault_kind::unauthorised, credentials},
    {"Request_ResourceNotFound",       fault_kind::not_found,    ""},
    {"ResourceNotFound",               fault_kind::not_found,    ""},
    {"NotFound",                       fault_kind::not_found,    ""},
    {"ConversationNotFound",           fault_kind::not_found,    not_in_team},
    {"ActivityNotFoundInConversation", fault_kind::not_found,    ""},
    {"Conflict",                       fault_kind::conflict,     ""},
    {"BotNotInConversationRoster",     fault_kind::permanent,    not_in_team},
    {"BotNotRegistered",               fault_kind::unauthorised, credentials},
    {"BotDisabledByAdmin",             fault_kind::permanent,    switched_off},
    {"BotDisabledByBotFramework",      fault_kind::permanent,    "Microsoft has switched the bot off"},
    {"MessageWritesBlocked",           fault_kind::permanent,    blocked},
    {"ConversationBlockedByUser",      fault_kind::permanent,    blocked},
    {"MessageSizeTooBig",              fault_kind::permanent,    our_mistake},
    {"BadSyntax",                      fault_kind::permanent,    our_mistake},
    {"BadArgument",                    fault_kind::permanent,    ""},
    {"ServiceError",                   fault_kind::transient,    ""},
}};

// clang-format on

error_meaning meaning_of_status(int status) noexcept {
    switch (status) {
    case 401:
        return {"", fault_kind::unauthorised, credentials};
    case 403:
        return {"", fault_kind::unauthorised, consent};
    case 404:
        return {"", fault_kind::not_found, "are graph_url, bot_url and region right?"};
    case 409:
        return {"", fault_kind::conflict, ""};
    case 412: // somebody writes there at the same moment
        return {"", fault_kind::transient, ""};
    case 413:
        return {"", fault_kind::permanent, our_mistake};
    case 429:
        return {"", fault_kind::rate_limited, ""};
    default:
        return {"", status >= 500 ? fault_kind::transient : fault_kind::permanent, ""};
    }
}

} // namespace

error_meaning meaning_of(std::string_view code, int status) noexcept {
    // Whatever it is called, it asks for patience or will pass.
    if (status == 429 || status >= 500) {
        return meaning_of_status(status);
    }
    const auto found = std::find_if(table.begin(), table.end(), [code](const error_meaning& one) {
        return one.code == code;
    });
    return found == table.end() ? meaning_of_status(status) : *found;
}

} // namespace hallpass::services::msteams
