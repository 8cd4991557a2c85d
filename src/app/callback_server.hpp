// The public listener: callback paths and nothing else. It stays open over a reload.
#pragma once

#include "app/process.hpp"
#include "base/result.hpp"
#include "config/configuration.hpp"
#include "net/http_server.hpp"
#include "ports/callbacks.hpp"
#include "workflow/task_group.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::app {

// On the io_context thread. close() must have ended before it dies.
class callback_server {
public:
    explicit callback_server(process& owner);

    // Whether these settings work, as far as that can be told: reads the certificate, and listens where the
    // old listener doesn't. Changes nothing until commit(). Without routes there is no listener.
    result<void> prepare(const config::http_section& wanted, std::vector<ports::callback_route> routes);
    void commit();
    // Forgets what was prepared.
    void abandon() noexcept;

    // "0.0.0.0:8081", "" where there is none.
    std::string address() const;

    // Takes no new call.
    void stop_listening();
    // Ends when those under way are answered, or cut after a second.
    boost::asio::awaitable<void> close();

private:
    struct prepared {
        config::http_section settings;
        std::vector<ports::callback_route> routes;
        std::optional<net::server_identity> identity;
        std::shared_ptr<net::http_server> fresh; // null where the old one stays
    };

    result<std::shared_ptr<net::http_server>> listen(const prepared& with);
    boost::asio::awaitable<net::server_response> answer(net::server_request request);
    boost::asio::awaitable<void> serve(std::shared_ptr<net::http_server> server);
    boost::asio::awaitable<void> follow_certificate();
    boost::asio::awaitable<void> hurry();
    void renew_certificate();

    process* owner_;
    config::http_section settings_;
    std::vector<ports::callback_route> routes_;
    std::optional<net::server_identity> identity_; // in use
    std::shared_ptr<net::http_server> server_;
    std::optional<prepared> next_;
    std::unique_ptr<ports::alarm> look_again_;
    std::unique_ptr<ports::alarm> patience_;
    bool following_ = false;
    bool closing_ = false;
    workflow::task_group tasks_;
    workflow::task_group limits_;
};

} // namespace hallpass::app
