// libcurl's multi interface, driven by an io_context: connections to mail servers, opened, encrypted and
// logged in.
#pragma once

#include "base/result.hpp"
#include "ports/mail_client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hallpass::mail {

// An open connection. Nothing here waits; the loop outlives it.
class curl_connection {
public:
    virtual ~curl_connection() = default;

    // To be watched, not to be read: TLS may be on it.
    virtual int descriptor() const noexcept = 0;

    // 0: nothing now. A fault where it is closed or broken.
    virtual result<std::size_t> read(std::span<char> into) = 0;
    virtual result<std::size_t> write(std::string_view bytes) = 0;
};

// Either what the server said when it refused to go on, or the connection.
struct opened {
    opened() = default;

    std::unique_ptr<curl_connection> connection;
    ports::mail_reply refusal;
};

// libcurl opens, encrypts and logs in, and then gives the connection to us: its own transfer of a letter
// waits for the reply to the final dot without leaving the thread to anybody else (curl's docs/KNOWN_BUGS,
// "Blocking or non-compliant functions in multi interface").
class curl_loop {
public:
    virtual ~curl_loop() = default;

    // `where` are the host's addresses, tried in their order; its name is still what the certificate must
    // have.
    virtual boost::asio::awaitable<result<opened>> open(
        ports::mail_server_ptr server, std::string where, std::chrono::steady_clock::time_point deadline
    ) = 0;
};

// A fault where libcurl isn't there.
result<std::unique_ptr<curl_loop>> make_curl_loop(boost::asio::any_io_executor executor);

} // namespace hallpass::mail
