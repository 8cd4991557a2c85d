// Keeps a connection to the Auth Service: dial, ping, watch, list, follow; and again, whenever it ends.
#pragma once

#include "base/jitter.hpp"
#include "base/result.hpp"
#include "ports/access_gateway.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "teleport/completion_pump.hpp"
#include "teleport/credentials.hpp"
#include "teleport/in_flight.hpp"
#include "teleport/session_slot.hpp"
#include "teleport/teleport.hpp"
#include "teleport/transport/dialler.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace hallpass::teleport {

class watch;

struct connection_options {
    std::string peer;     // "host:port", for texts
    bool refresh = false; // follow changes of the identity's files while connected
    std::chrono::milliseconds refresh_interval{std::chrono::minutes(1)};
    std::chrono::milliseconds init_limit{std::chrono::seconds(15)};
    std::chrono::milliseconds call_limit{std::chrono::seconds(10)};
    // How often to list again while connected: what a cache of Auth's was late with at the start is found
    // then.
    std::chrono::milliseconds list_interval{std::chrono::minutes(5)};
    bool fail_fast = false; // end instead of connecting again
};

// What there is to use. Outlives the connection.
struct connection_environment {
    boost::asio::io_context& context;
    completion_pump& pump;
    credentials& identities;
    transport::dialler& dialler;
    session_slot& sessions;
    in_flight& running; // what close() waits for
    ports::clock& time;
    ports::log& out;
};

class connection {
public:
    connection(connection_environment environment, connection_options options);
    ~connection();

    // Until stop(), or a fault that trying again can't mend: the server is too old, or at the start there is
    // no identity that can be used. With fail_fast, any fault.
    boost::asio::awaitable<result<void>> run(ports::access_events& events);

    // Everything that run() does first, once. "cluster example.com, Teleport 17.2.0, 3 pending requests".
    boost::asio::awaitable<result<std::string>> probe();

    link_status status() const { return status_; }

    // Ends both, soon.
    void stop() noexcept;
    // After stop(): waits until the sessions have let go of their sockets.
    boost::asio::awaitable<void> stopped();

private:
    struct outcome;

    boost::asio::awaitable<outcome> serve(ports::access_events& events);
    boost::asio::awaitable<result<std::shared_ptr<session>>> dial();
    boost::asio::awaitable<fault> follow(std::shared_ptr<watch> events_of, ports::access_events& events);
    void install(const std::shared_ptr<session>& fresh);
    boost::asio::awaitable<void> retire(std::shared_ptr<session> old);
    void list_later(ports::access_events& events);
    boost::asio::awaitable<void> list_again(std::shared_ptr<session> on, ports::access_events& events);
    void check_identity_later();
    bool has_new_identity();
    void is_up(const std::string& cluster);
    void is_down(const fault& why);
    void tell(const outcome& ended, std::chrono::milliseconds delay);

    connection_environment with_;
    connection_options options_;
    jitter chance_;
    std::chrono::milliseconds last_delay_{0};
    std::unique_ptr<ports::alarm> pause_;
    boost::asio::steady_timer identity_check_;
    boost::asio::steady_timer next_listing_;
    std::shared_ptr<const identity> identity_;
    std::shared_ptr<session> session_;  // the one being made or followed
    std::shared_ptr<session> previous_; // serves calls until the new one does
    std::shared_ptr<session> retiring_; // finishes its calls
    std::shared_ptr<watch> watch_;
    link_status status_;
    std::string last_reason_;
    unsigned repetitions_ = 0;
    bool renewing_ = false;
    bool stopping_ = false;
};

} // namespace hallpass::teleport
