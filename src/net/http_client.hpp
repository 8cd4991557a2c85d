// The HTTP client: keep-alive pools, proxies, TLS, pacing and safe retries, all within one deadline a call.
#pragma once

#include "net/proxy_settings.hpp"
#include "net/resolver.hpp"
#include "ports/http_client.hpp"
#include "ports/log.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::net {

struct client_options {
    client_options() = default;

    proxy_settings proxies; // read_proxy_settings(process_environment)
    // Beside the system's authorities, or those of SSL_CERT_FILE and SSL_CERT_DIR.
    std::vector<std::string> extra_authorities_pem;
    std::size_t max_connections_per_host = 32;
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);
    std::size_t max_header_bytes = 64 * 1024;
    int max_attempts = 4; // of calls that fail; waiting out a 429 doesn't count
    std::chrono::milliseconds first_backoff = std::chrono::milliseconds(50);
    std::chrono::milliseconds longest_backoff = std::chrono::seconds(2);
    name_lookup look_up = look_up_by_system;
};

class client : public ports::http_client {
public:
    // Refuses new calls, ends what waits or is being exchanged as cancelled, and returns when no call is
    // left. A connection being opened ends by its call's deadline at the latest.
    virtual boost::asio::awaitable<void> close() = 0;
};

// On the io_context thread only. `out` outlives the client; the client outlives its calls, or close() is
// awaited.
std::unique_ptr<client>
make_http_client(boost::asio::any_io_executor executor, client_options options, ports::log& out);

} // namespace hallpass::net
