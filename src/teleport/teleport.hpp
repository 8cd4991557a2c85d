// The Teleport cluster as the rest of hallpass sees it.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/access_gateway.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "ports/review_gateway.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace hallpass::teleport {

struct teleport_config {
    std::string addr = "localhost:3025";
    // Either the identity file or all of the other three.
    std::string identity_file;
    std::string client_key;
    std::string client_crt;
    std::string root_cas;
    // Connect anew when the files hold a newer identity. New connections read them in any case.
    bool refresh_identity = false;
    std::chrono::milliseconds refresh_identity_interval{std::chrono::minutes(1)};
    // Upstream's TELEPORT_PLUGIN_FAIL_FAST: end instead of connecting again.
    bool fail_fast = false;
};

// The connection to the Auth Service, as of one moment.
struct link_status {
    bool connected = false;
    instant since;       // of being connected or not
    std::string address; // "host:port"
    std::string cluster; // of the last connection; "" before the first
    std::string why;     // of not being connected: one line; "" before the first attempt has failed
};

// On the io_context thread. Before it is destroyed, close() must have ended.
class teleport_client {
public:
    teleport_client(
        boost::asio::io_context& context, teleport_config config, ports::clock& time, ports::log& out
    );
    ~teleport_client();
    teleport_client(const teleport_client&) = delete;
    teleport_client& operator=(const teleport_client&) = delete;

    // Its calls end within 10 s. One made while there is no connection waits for it within that time.
    ports::access_gateway& gateway() noexcept;
    // The same holds for it.
    ports::review_gateway& reviews() noexcept;

    // Connects, tells `events`, and connects again whenever that ends, until close(). A fault is one that
    // trying again can't mend: a bad address, no usable identity at the start, a server that is too old.
    boost::asio::awaitable<result<void>> run(ports::access_events& events);

    // Connects once and tries everything that run() does first; says with what. For checks, not beside run().
    boost::asio::awaitable<result<std::string>> probe();

    link_status status() const;

    // Ends run(), probe() and all calls, and waits for them. Afterwards nothing of this is left in the
    // io_context, and no call may be made.
    boost::asio::awaitable<void> close();

private:
    struct parts;

    std::unique_ptr<parts> parts_;
};

} // namespace hallpass::teleport
