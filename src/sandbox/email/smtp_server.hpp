// The mail server's sockets: plain with STARTTLS, or TLS from the start.
#pragma once

#include "base/result.hpp"
#include "net/tls_stream.hpp"
#include "sandbox/email/mail_state.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace hallpass::sandbox {

class smtp_server {
public:
    // Listens on 127.0.0.1. `mail` outlives it.
    static result<std::unique_ptr<smtp_server>>
    listen(boost::asio::any_io_executor executor, mail_state& mail, net::tls_context tls, bool from_start);

    ~smtp_server();
    smtp_server(const smtp_server&) = delete;
    smtp_server& operator=(const smtp_server&) = delete;

    unsigned short port() const noexcept;

    // Hangs up on everybody and takes nobody more; returns when all have gone.
    boost::asio::awaitable<void> close();

private:
    struct state;

    explicit smtp_server(std::shared_ptr<state> own);

    std::shared_ptr<state> state_;
};

} // namespace hallpass::sandbox
