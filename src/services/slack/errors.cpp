#include "services/slack/errors.hpp"

#include <algorithm>
#include <array>

namespace hallpass::services::slack {

namespace {

constexpr std::string_view new_token =
    "put the app's bot token (xoxb-...) of this workspace into slack.token; a reinstalled app has a new one";
constexpr std::string_view no_policy = "a policy of the workspace forbids it; ask its owner";
constexpr std::string_view invite = "invite the app to the channel: /invite @APP";
constexpr std::string_view our_mistake = "this is a mistake of hallpass; please report it";

// clang-format off
constexpr std::array<error_meaning, 59> table{{
    {"ratelimited",               fault_kind::rate_limited, ""},
    {"rate_limited",              fault_kind::rate_limited, ""},
    {"service_unavailable",       fault_kind::transient,    ""},
    {"request_timeout",           fault_kind::transient,    ""},
    {"team_added_to_org",         fault_kind::transient,    ""},
    // Part of the work may have been done, says Slack.
    {"internal_error",            fault_kind::transient,    "", true},
    {"fatal_error",               fault_kind::transient,    "", true},

    {"invalid_auth",              fault_kind::unauthorised, new_token},
    {"not_authed",                fault_kind::unauthorised, new_token},
    {"account_inactive",          fault_kind::unauthorised, new_token},
    {"token_revoked",             fault_kind::unauthorised, new_token},
    {"token_expired",             fault_kind::unauthorised, new_token},
    {"user_removed_from_team",    fault_kind::unauthorised, new_token},
    {"not_allowed_token_type",    fault_kind::unauthorised, new_token},
    {"team_disabled",             fault_kind::unauthorised, "the workspace is switched off"},
    {"missing_scope",             fault_kind::unauthorised, "add the scope under \"OAuth & Permissions\" and reinstall the app"},
    {"no_permission",             fault_kind::unauthorised, no_policy},
    {"access_denied",             fault_kind::unauthorised, no_policy},
    {"accesslimited",             fault_kind::unauthorised, no_policy},
    {"ekm_access_denied",         fault_kind::unauthorised, no_policy},
    {"org_login_required",        fault_kind::unauthorised, no_policy},
    {"team_access_not_granted",   fault_kind::unauthorised, no_policy},
    {"enterprise_is_restricted",  fault_kind::unauthorised, no_policy},
    {"two_factor_setup_required", fault_kind::unauthorised, no_policy},
    {"app_access_restricted",     fault_kind::unauthorised, no_policy},

    {"users_not_found",           fault_kind::not_found,    "check the e-mail address"},
    {"user_not_found",            fault_kind::not_found,    ""},
    {"user_not_visible",          fault_kind::not_found,    ""},
    {"message_not_found",         fault_kind::not_found,    ""},
    {"thread_not_found",          fault_kind::not_found,    ""},

    {"channel_not_found",         fault_kind::permanent,    "check the channel's name or id; a private channel must have the app as a member: /invite @APP"},
    {"not_in_channel",            fault_kind::permanent,    invite},
    {"is_archived",               fault_kind::permanent,    "the channel is archived; name another one, or restore it"},
    {"user_disabled",             fault_kind::permanent,    "the person's account is switched off"},
    {"team_not_found",            fault_kind::permanent,    "an organisation's token needs the channel's id instead of its name"},
    {"messages_tab_disabled",     fault_kind::permanent,    "switch on the Messages tab in the app's settings under \"App Home\""},
    {"message_limit_exceeded",    fault_kind::permanent,    "the workspace has used up its messages"},
    {"restricted_action",         fault_kind::permanent,    no_policy},
    {"restricted_action_read_only_channel", fault_kind::permanent, no_policy},
    {"restricted_action_thread_only_channel", fault_kind::permanent, no_policy},
    {"restricted_action_thread_locked", fault_kind::permanent, no_policy},
    {"restricted_action_non_threadable_channel", fault_kind::permanent, no_policy},
    {"cant_update_message",       fault_kind::permanent,    "the message was posted by another app"},
    {"edit_window_closed",        fault_kind::permanent,    "the workspace lets messages be edited for a time only"},
    {"is_inactive",               fault_kind::permanent,    "the channel can't be written to any more"},
    {"block_mismatch",            fault_kind::permanent,    our_mistake},
    {"msg_too_long",              fault_kind::permanent,    our_mistake},
    {"msg_blocks_too_long",       fault_kind::permanent,    our_mistake},
    {"invalid_blocks",            fault_kind::permanent,    our_mistake},
    {"invalid_blocks_format",     fault_kind::permanent,    our_mistake},
    {"metadata_too_large",        fault_kind::permanent,    our_mistake},
    {"invalid_metadata_format",   fault_kind::permanent,    our_mistake},
    {"invalid_metadata_schema",   fault_kind::permanent,    our_mistake},
    {"no_text",                   fault_kind::permanent,    our_mistake},
    {"too_many_attachments",      fault_kind::permanent,    our_mistake},
    {"invalid_arguments",         fault_kind::permanent,    our_mistake},
    {"invalid_arg_name",          fault_kind::permanent,    our_mistake},
    {"invalid_cursor",            fault_kind::permanent,    our_mistake},
    {"method_deprecated",         fault_kind::permanent,    "a newer version of hallpass is needed"},
}};
// clang-format on

} // namespace

error_meaning meaning_of(std::string_view code) noexcept {
    const auto found = std::find_if(table.begin(), table.end(), [code](const error_meaning& one) {
        return one.code == code;
    });
    return found == table.end() ? error_meaning{code, fault_kind::permanent, ""} : *found;
}

} // namespace hallpass::services::slack
