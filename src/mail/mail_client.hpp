// The mail client: connections that are used again, and a bound on how many there are.
#pragma once

#include "mail/curl_loop.hpp"
#include "net/resolver.hpp"
#include "ports/log.hpp"
#include "ports/mail_client.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>

namespace hallpass::mail {

struct client_options {
    client_options() = default;

    std::size_t max_connections = 8;
    // Shorter than servers wait for the next command before they hang up.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(20);
    net::name_lookup look_up = net::look_up_by_system;
};

// On the io_context thread only. `out` outlives it, and it outlives its calls. Its death hangs up.
std::unique_ptr<ports::mail_client>
make_mail_client(boost::asio::any_io_executor executor, client_options options, ports::log& out);

} // namespace hallpass::mail
