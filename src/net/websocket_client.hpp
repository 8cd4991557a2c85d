// Opens WebSocket connections through the same proxies and authorities as the HTTP client.
#pragma once

#include "net/http_client.hpp"
#include "ports/websocket.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace hallpass::net {

// On the io_context thread only. It outlives its open().
std::unique_ptr<ports::websocket_client>
make_websocket_client(boost::asio::any_io_executor executor, const client_options& options);

} // namespace hallpass::net
