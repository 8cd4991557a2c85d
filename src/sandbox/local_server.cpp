#include "sandbox/local_server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace hallpass::sandbox {

namespace {

// The frame keeps the server until its last connection has ended.
boost::asio::awaitable<void> serve_until_closed(std::shared_ptr<net::http_server> server) {
    co_await server->serve();
}

} // namespace

local_server::local_server(
    boost::asio::any_io_executor executor,
    net::server_options options,
    net::request_handler handler,
    ports::log& out
)
    : executor_(std::move(executor)), options_(std::move(options)), handler_(std::move(handler)), out_(out) {}

local_server::~local_server() {
    go_down();
}

result<void> local_server::come_up() {
    if (server_) {
        return {};
    }
    auto made = net::listen_http(executor_, options_, handler_, out_);
    if (!made) {
        return made.error();
    }
    server_ = std::move(*made);
    options_.listen = server_->address();
    ports::log& out = out_;
    boost::asio::co_spawn(executor_, serve_until_closed(server_), [&out](std::exception_ptr error) {
        if (!error) {
            return;
        }
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& thrown) {
            out.error("sandbox_server_failed", {{"error", thrown.what()}});
        }
    });
    return {};
}

void local_server::go_down() {
    if (server_) {
        server_->close();
        server_.reset();
    }
}

} // namespace hallpass::sandbox
