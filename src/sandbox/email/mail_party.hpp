// The sandbox's mail: a server for SMTP, Mailgun, and the mailboxes behind both.
#pragma once

#include "sandbox/third_party.hpp"

namespace hallpass::sandbox {

// Below /email/:
//   POST rules     {"stage", "to", "reply", "n", "keep"}, see mail_state.hpp
//   POST settings  {"starttls": bool, "login": bool}
//   GET  letters   every letter as it was taken: [{"from", "to", "by", "raw", "subject", "text", "html"}]
extern const third_party_kind email_kind;

} // namespace hallpass::sandbox
