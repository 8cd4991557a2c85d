// Whether a webhook was sent by Jira: X-Hub-Signature over the body (api-ticketing 1.6, 1.7).
#pragma once

#include "base/secret.hpp"
#include "ports/callbacks.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::jira {

// "sha256=" and 64 digits.
std::string sign_webhook(const secret& key, std::string_view body);

// Why the request is refused, for the log only; nothing where it is good. No key is good for nothing.
std::optional<std::string_view> refuse_webhook(const secret& key, const ports::callback_request& request);

} // namespace hallpass::services::jira
