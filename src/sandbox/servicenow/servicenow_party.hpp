// ServiceNow, for the sandbox. Commands, below /servicenow/:
//   POST callback {"url", "ca_file"}              where webhooks go
//   POST approve {"incident", "user", "state"}    a row of that approver, set by "by" where it is there; then
//                                                 the webhook, unless "silent"
//   POST correlate {"incident", "request"}        what somebody with too many rights may do
//   POST send {"body", "secret"}                  any webhook
//   POST on_call {"rota", "user"}
//   POST site {"journal", "close_codes"}          whether work notes can be read; which codes there are
//   GET                                           incidents with everything they hold
#pragma once

#include "sandbox/third_party.hpp"

namespace hallpass::sandbox::servicenow {

extern const third_party_kind servicenow_kind;

} // namespace hallpass::sandbox::servicenow
