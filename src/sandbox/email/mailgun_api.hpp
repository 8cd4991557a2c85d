// Mailgun's API, as far as a sender uses it (api-messaging 5.5).
#pragma once

#include "net/http_server.hpp"
#include "sandbox/email/mail_state.hpp"

namespace hallpass::sandbox {

net::server_response answer_mailgun(mail_state& mail, const net::server_request& request);

} // namespace hallpass::sandbox
