// Everything that a running hallpass consists of, made from its configuration: the one place that knows every
// part.
#pragma once

#include "app/carried_service.hpp"
#include "app/event_fan.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"
#include "net/http_client.hpp"
#include "ops/system_clock.hpp"
#include "teleport/teleport.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::app {

// What the configuration file says, with the services made from it. `problems` has every warning and error.
struct assembly {
    explicit assembly(std::unique_ptr<ports::log> log);

    // One thread runs this context, and everything below lives on it. The hint keeps the locking that the
    // completion pump's posts need.
    boost::asio::io_context context{1};
    std::unique_ptr<ports::log> log;
    ops::system_clock clock;
    std::unique_ptr<net::client> http;
    std::unique_ptr<teleport::teleport_client> teleport;
    std::vector<carried_service> services;

    // Ends the connections; then the context runs out of work by itself.
    boost::asio::awaitable<void> close();
};

struct assembled {
    std::unique_ptr<assembly> whole; // null where there was an error
    std::vector<std::string> warnings;
    std::vector<std::string> errors;
};

// `debug` overrides the configured severity.
assembled assemble(const std::string& config_path, bool debug);

} // namespace hallpass::app
