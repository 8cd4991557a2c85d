// Handing letters over to a mail server (RFC 5321, 6409), without a word of how.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace hallpass::ports {

enum class mail_encryption {
    from_start,          // TLS before the first word (RFC 8314)
    starttls,            // no letter and no password without it
    starttls_if_offered, // whoever sits in between can take the offer away
    none
};

enum class mail_login { none, any_password, plain, login, xoauth2 };

struct mail_server {
    std::string host;
    std::uint16_t port = 587;
    mail_encryption encryption = mail_encryption::starttls;
    mail_login login = mail_login::any_password;
    std::string username;
    secret password;      // or the access token of XOAUTH2
    std::string own_name; // said in EHLO
};

// To one address, so that a refusal is of that address alone.
struct letter {
    letter() = default;

    std::string from; // bare addresses: "a@example.com"
    std::string to;
    std::string text; // RFC 5322, every line ends with CR LF
};

// How far it got with a server that answered.
enum class mail_stage { greeting, login, sender, recipient, content, accepted };

struct mail_reply {
    mail_reply() = default;

    mail_stage stage = mail_stage::greeting;
    int code = 0;     // 250; 0 where the server doesn't offer what is needed: to log in, or SMTPUTF8
    std::string text; // "250 2.0.0 queued as 4711": one line, and bounded
};

// Servers are known by their object: equal pointers share connections.
using mail_server_ptr = std::shared_ptr<const mail_server>;

class mail_client {
public:
    virtual ~mail_client() = default;

    // What the server says is an answer, not a fault, also where it refuses. Faults: transient (the network,
    // no TLS, a certificate that can't be trusted), malformed, cancelled. uncertain(): the whole letter was
    // sent, and the server's word for it was lost.
    virtual boost::asio::awaitable<result<mail_reply>>
    send(mail_server_ptr server, letter what, std::chrono::milliseconds deadline) = 0;

    // The same without a letter: connects, encrypts, logs in and says NOOP. Anything but `accepted` is where
    // it was refused.
    virtual boost::asio::awaitable<result<mail_reply>>
    greet(mail_server_ptr server, std::chrono::milliseconds deadline) = 0;

    // Hangs up on connections that no call uses, now and from now on: the end waits for none.
    virtual void close() = 0;
};

} // namespace hallpass::ports
