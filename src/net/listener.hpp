// Where a server's connections come from: a TCP port, plain or with TLS, or a Unix socket.
#pragma once

#include "base/result.hpp"
#include "net/byte_stream.hpp"
#include "net/tls_stream.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <string>

namespace hallpass::net {

struct accepted {
    accepted() = default;

    boost::system::error_code error;
    std::unique_ptr<byte_stream> stream; // null where the peer has gone, or there is an error
    tls_stream* secured = nullptr;       // the same stream, where it must shake hands first
    std::string peer;                    // "192.0.2.1:4242", "unix"
};

class listener {
public:
    virtual ~listener() = default;

    // As it can be given to open_listener(), the port filled in.
    virtual std::string address() const = 0;
    virtual boost::asio::awaitable<accepted> accept() = 0;
    // For those accepted from now on. Nothing where it is plain.
    virtual void renew(tls_context tls) noexcept = 0;
    // Ends accept(), and takes the name of a Unix socket away.
    virtual void close() noexcept = 0;
};

// "host:port", or "unix:/path": a socket for its owner alone, whose name must be free. Without `tls`, plain.
result<std::unique_ptr<listener>>
open_listener(const boost::asio::any_io_executor& executor, const std::string& address, tls_context tls);

} // namespace hallpass::net
