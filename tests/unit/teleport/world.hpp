// A teleport_client with what it needs, and a record of what it tells.
#pragma once

#include "ops/system_clock.hpp"
#include "support/recorded_log.hpp"
#include "support/temp_dir.hpp"
#include "teleport/teleport.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::test {

class recorded_events final : public ports::access_events {
public:
    explicit recorded_events(boost::asio::io_context& context) : changed_(context) {}

    void connected(const access::cluster& to) override { add("connected " + to.name + " " + to.web_url); }

    void changed(access::access_request request) override {
        add("changed " + request.id + " " + std::string(to_string(request.state)));
    }

    void deleted(std::string id) override { add("deleted " + id); }

    void listed(std::vector<access::access_request> pending) override;

    // Waits until so many lines were told in all; throws where they don't come.
    boost::asio::awaitable<void> count(std::size_t lines);

    std::vector<std::string> lines;

private:
    void add(std::string line);

    boost::asio::steady_timer changed_;
};

struct world {
    world(
        const std::string& address,
        const std::string& identity_text,
        std::function<void(teleport::teleport_config&)> adjust = {}
    );

    // Starts run(); its outcome is in `ended` later.
    void start();
    // Runs the test's coroutine, then close(), and checks that nothing is left in the io_context.
    void play(std::function<boost::asio::awaitable<void>()> scene);
    // What run() ends with by itself.
    std::string run_to_fault();
    std::string probe();

    boost::asio::io_context context{1};
    temp_dir files;
    std::string identity_file;
    ops::system_clock time{context.get_executor()};
    recorded_log out;
    recorded_events events{context};
    std::unique_ptr<teleport::teleport_client> client;
    std::optional<result<void>> ended;
};

// Waits in the coroutine until the condition holds; throws, naming it, where it doesn't in time.
boost::asio::awaitable<void> until(std::string what, std::function<bool()> condition);

} // namespace hallpass::test
