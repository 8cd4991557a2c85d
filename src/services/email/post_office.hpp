// Where letters are handed in: a mail server, or Mailgun.
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "ports/mail_client.hpp"
#include "services/email/config.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace hallpass::services::email {

class post_office {
public:
    virtual ~post_office() = default;

    // As whom and where, for the log. Sends nothing.
    virtual boost::asio::awaitable<result<std::string>> check() = 0;

    // Faults as the service port has them.
    virtual boost::asio::awaitable<result<void>> send(ports::letter what) = 0;
};

// What they use outlives them.
std::unique_ptr<post_office> make_smtp_office(smtp_config config, ports::mail_client& client);
std::unique_ptr<post_office> make_mailgun_office(mailgun_config config, ports::http_client& client);

} // namespace hallpass::services::email
