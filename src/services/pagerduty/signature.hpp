// Whether a webhook was sent by PagerDuty (api-ticketing 2.6): X-PagerDuty-Signature has one or several
// "v1=<hex>", each the HMAC-SHA256 of the body with a secret; several while a secret is being changed. No
// time is signed but what the body holds.
#pragma once

#include "base/secret.hpp"
#include "ports/callbacks.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::pagerduty {

// Why the request is refused, for the log only; nothing where one of its signatures is good. An empty secret
// is no secret, and refuses everything.
std::optional<std::string_view> refuse(const ports::callback_request& request, const secret& key);

} // namespace hallpass::services::pagerduty
