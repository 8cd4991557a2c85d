// Datadog's incidents, for the sandbox (api-ticketing 5). Commands, below /datadog/:
//   POST site {"timeline", "lag_ms", "restricted"}  whether the unpublished call works; how far the search
//   lags POST on_call {"team", "user"} GET                                             incidents with
//   everything they hold
#pragma once

#include "sandbox/third_party.hpp"

namespace hallpass::sandbox::datadog {

extern const third_party_kind datadog_kind;

} // namespace hallpass::sandbox::datadog
