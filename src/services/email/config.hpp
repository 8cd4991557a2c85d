// What the operator writes in [smtp], [mailgun], [delivery] and [email].
#pragma once

#include "base/secret.hpp"
#include "base/settings.hpp"
#include "ports/mail_client.hpp"
#include "services/email/decision_links.hpp"
#include "services/email/mailbox.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::email {

inline constexpr std::size_t password_bytes = 8000; // access tokens are long

struct smtp_config {
    ports::mail_server server;
    std::string password_file; // read again for each letter: access tokens are renewed there; "" for none
};

struct mailgun_config {
    std::string domain;
    secret key;
    std::string api_url; // ends with "/"; the version is not in it
};

struct email_config {
    mailbox sender;
    std::optional<smtp_config> smtp; // wins, as with upstream
    std::optional<mailgun_config> mailgun;
    std::vector<std::string> recipients; // of everything, where [delivery] names them
    bool tell_requester = false;
    std::optional<link_config> links; // where letters lead to decisions
};

// `own` is [email], `file` the whole, `public_addr` that of [http]. Nothing where there is an error; it
// stands in the cursors' list.
std::optional<email_config> read_config(settings& own, settings& file, const std::string& public_addr);

} // namespace hallpass::services::email
