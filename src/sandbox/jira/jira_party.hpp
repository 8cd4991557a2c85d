// Jira, for the sandbox. Commands, below /jira/:
//   POST callback {"url", "ca_file"}            where webhooks go
//   POST move {"issue", "to", "user"}           as that person; then the webhook; "silent": true for none
//   POST comment {"issue", "user", "text"}
//   POST property {"issue", "request"}          what somebody with too many rights may do
//   POST send {"body", "secret"}                any webhook, signed with any secret; "" is none at all
//   POST site {"cloud", "lag_ms", "without", "not_allowed"}
//   GET                                         issues with everything they hold
#pragma once

#include "sandbox/third_party.hpp"

namespace hallpass::sandbox::jira {

extern const third_party_kind jira_kind;

} // namespace hallpass::sandbox::jira
