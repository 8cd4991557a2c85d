// The simulated Mattermost, for the sandbox's composition root.
#pragma once

#include "sandbox/third_party.hpp"

namespace hallpass::sandbox::mattermost {

// Commands below /mattermost/, POST where they have a body:
//   posts/NAME            GET: all posts of the channel of that name, or of the bot's direct channel with the
//                         person of that user name, each with its versions
//   click                 {user, post, action}: as the person. For forged ones:
//                           "context": what replaces members of the button's
//                           "as": the user_id that is claimed
//                           "trigger_user": whose trigger it is
//                           "forged_trigger": true, the server didn't sign it
//                           "age_s": how old the trigger is
//                           "replay": true, the last one's body again
//                           "format": "attachment", as a client that knows no blocks
//   submit                {dialog, user, values}. "as"; "state"; "replay": true, as above
//   close                 {dialog}
//   trust                 {ca_file}: of the https URLs that it calls
//   users                 {id, …}: changes a person: delete_at, roles, is_bot, email, email_verified,
//                         auth_service, teams
//   settings              {may_post_ephemeral, max_post_size, integration_timeout_ms, blocks}: the last is
//   the
//                         feature flag of the newer format of cards and buttons
//   delete                {post}
extern const third_party_kind mattermost_kind;

} // namespace hallpass::sandbox::mattermost
