// The sandbox's mail: a server for SMTP, Mailgun, and the mailboxes behind both.
#pragma once

#include "sandbox/third_party.hpp"

namespace hallpass::sandbox {

// Below /email/:
//   POST rules     {"stage", "to", "reply", "n", "percent", "keep"}, see mail_state.hpp; POST rules/clear
//   POST settings  {"starttls": bool, "login": bool}
//   POST decide    {"to", "user", "verdict", "reason", "link"}: the person `user` follows the link of the
//   newest
//                  letter to `to`, or another link, logs in and decides; see browser.hpp for what comes back
//   GET  letters   every letter as it was taken: [{"from", "to", "by", "raw", "subject", "text", "html"}]
extern const third_party_kind email_kind;

} // namespace hallpass::sandbox
