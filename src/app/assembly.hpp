// Everything that is made from a configuration, and made anew by a reload: the one place that knows every
// part.
#pragma once

#include "app/carried_service.hpp"
#include "app/desk.hpp"
#include "app/process.hpp"
#include "config/configuration.hpp"
#include "net/http_client.hpp"
#include "teleport/teleport.hpp"
#include "workflow/environment.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <vector>

namespace hallpass::app {

// Once it has been used, close() must have ended before it dies. The process outlives it.
struct assembly {
    explicit assembly(process& owner) : owner(&owner) {}

    process* owner;
    std::shared_ptr<ports::log>
        log; // what its configuration wants; in use once the process's log forwards to it
    std::string state_dir;
    workflow::uncertain_policy on_uncertain = workflow::uncertain_policy::resend;
    config::http_section callbacks;
    std::unique_ptr<net::client> http;
    std::unique_ptr<ports::websocket_client> sockets;
    std::unique_ptr<ports::mail_client> mail;
    std::unique_ptr<teleport::teleport_client> teleport;
    std::vector<carried_service> services; // without dispatchers, until they are made

    // Of every service, for the public listener.
    std::vector<ports::callback_route> routes() const;

    // `instance` names this process in claims.
    void make_dispatchers(const std::string& instance);

    // Ends the connections and every call, after the dispatchers and the desks have been joined. Nothing of
    // it is left in the io_context then.
    boost::asio::awaitable<void> close();
};

struct assembled {
    std::unique_ptr<assembly> whole; // null where there was an error
    std::vector<std::string> warnings;
    std::vector<std::string> errors;
};

// Reads the configuration and its secrets. `debug` overrides the configured severity.
assembled assemble(process& owner, const std::string& config_path, bool debug);

} // namespace hallpass::app
