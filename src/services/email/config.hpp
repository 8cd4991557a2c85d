// What the operator writes in [smtp], [mailgun], [delivery] and [email].
#pragma once

#include "base/secret.hpp"
#include "base/settings.hpp"
#include "ports/mail_client.hpp"
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
};

// `own` is [email], `file` the whole. Nothing where there is an error; it stands in the cursors' list.
std::optional<email_config> read_config(settings& own, settings& file);

} // namespace hallpass::services::email
