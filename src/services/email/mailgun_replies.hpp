// What Mailgun answers (api-messaging 5.5).
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"

#include <optional>
#include <string_view>

namespace hallpass::services::email {

// Nothing where it took the letter. uncertain() where it may have.
std::optional<fault> fault_of(const ports::http_response& response, std::string_view call, bool posts);

} // namespace hallpass::services::email
