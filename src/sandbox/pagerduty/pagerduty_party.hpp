// The simulated PagerDuty. Commands below /pagerduty/, each a POST unless it says GET:
//   GET .                                   incidents with notes, users, who is on call, deliveries
//   webhook   {url, secret?, ca_file?}      where and with what webhooks are delivered from now on
//   note      {user, incident, content}     a person writes a note
//   action    {user, incident, action}      a person runs the automation action "approve" or "deny"
//   acknowledge, resolve {user, incident}
//   on_call   {user, policy?, schedule?, level?, on}
//   user      {id, name, email, role?, invited_only?}
//   forge     {body, secret?}               a webhook with this body, signed with this secret
// What a person does is delivered at once, and again where it is answered with 5xx, as PagerDuty does; the
// answer says how that went: {"status", "attempts", "disabled"}. For forged ones a command also takes
// "secret", "agent" (who the webhook says it was), "event_id" and "deliver" (false: none).
#pragma once

#include "sandbox/third_party.hpp"

namespace hallpass::sandbox::pagerduty {

extern const third_party_kind pagerduty_party_kind;

} // namespace hallpass::sandbox::pagerduty
