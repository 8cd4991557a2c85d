// What a mail server's refusal means (RFC 5321, 4.2.3; RFC 3463; api-messaging 5.1, 5.2).
#pragma once

#include "base/fault.hpp"
#include "ports/mail_client.hpp"

#include <optional>
#include <string_view>

namespace hallpass::services::email {

// Nothing where the letter was accepted. transient: codes that begin with 4, and full mailboxes;
// unauthorised: the login, the sender, or us at all; permanent otherwise. The text names the server, what it
// said, and the mend.
std::optional<fault> fault_of(const ports::mail_reply& reply, std::string_view server, std::string_view to);

} // namespace hallpass::services::email
