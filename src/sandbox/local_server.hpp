// An HTTP server that can go down and come up again at the same address, as the sandbox's servers do.
#pragma once

#include "base/result.hpp"
#include "net/http_server.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace hallpass::sandbox {

// Everything on the io_context's thread.
class local_server {
public:
    // `out` outlives it. The handler may run until the io_context has ended.
    local_server(
        boost::asio::any_io_executor executor,
        net::server_options options,
        net::request_handler handler,
        ports::log& out
    );
    ~local_server();
    local_server(const local_server&) = delete;
    local_server& operator=(const local_server&) = delete;

    // Keeps the port it had before.
    result<void> come_up();
    void go_down();

    bool is_up() const noexcept { return server_ != nullptr; }

    const std::string& address() const noexcept { return options_.listen; }

private:
    boost::asio::any_io_executor executor_;
    net::server_options options_;
    net::request_handler handler_;
    ports::log& out_;
    std::shared_ptr<net::http_server> server_;
};

} // namespace hallpass::sandbox
