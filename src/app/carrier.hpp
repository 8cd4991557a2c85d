// One assembly at work: it watches the cluster, carries to the services, and is stopped.
#pragma once

#include "app/assembly.hpp"
#include "app/event_fan.hpp"
#include "ports/status.hpp"
#include "teleport/teleport.hpp"
#include "workflow/task_group.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::app {

struct carrier_events {
    std::function<void(const access::cluster&)> watching; // after every first listing
    std::function<void(std::string why)> failed;          // what waiting doesn't mend
    std::function<void()> ended;                          // the watch is over, without a stop()
};

// On the io_context thread. stop() must have ended before it dies.
class carrier {
public:
    // `instance` names this process in claims.
    carrier(std::unique_ptr<assembly> parts, const std::string& instance, carrier_events events);

    void start();
    // Asks every service whether it takes our credentials: for parts that nobody has tried.
    void check_services();

    // Takes no more work, finishes what is under way or hands it over, and closes: within 10 s, whoever
    // hangs. The second call does nothing.
    boost::asio::awaitable<void> stop();

    const assembly& parts() const noexcept { return *parts_; }

    std::vector<ports::service_status> services() const;
    teleport::link_status link() const;

private:
    boost::asio::awaitable<void> watch();
    void look_again(const std::string& request_id);
    void follow_people(carried_service& carried);
    boost::asio::awaitable<void> check(ports::service& service);
    boost::asio::awaitable<void> hurry();

    std::unique_ptr<assembly> parts_;
    carrier_events tell_;
    event_fan events_;
    workflow::task_group tasks_;
    workflow::task_group checks_;
    std::unique_ptr<ports::alarm> patience_;
    std::size_t refused_ = 0;
    bool stopped_ = false;
};

} // namespace hallpass::app
