// The life of the daemon: signals, reloads, the end.
#pragma once

#include "app/callback_server.hpp"
#include "app/carrier.hpp"
#include "app/operator_pages.hpp"
#include "app/process.hpp"
#include "app/trial.hpp"
#include "ops/instance_slot.hpp"
#include "ops/instance_status.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/signal_set.hpp>

#include <memory>
#include <string>
#include <vector>

namespace hallpass::app {

// What a reload reads again.
struct configuration_source {
    std::string path;
    bool debug = false; // overrides the configured severity
};

class life {
public:
    // The process and the slot outlive it.
    life(process& owner, const ops::instance_slot& slot, configuration_source source);

    // Runs the process until its end; the result is its exit status.
    int run(std::unique_ptr<assembly> first);

private:
    boost::asio::awaitable<void> live();
    boost::asio::awaitable<void> reload();
    boost::asio::awaitable<std::vector<std::string>> judge(assembly& candidate);
    boost::asio::awaitable<void> replace_by(std::unique_ptr<assembly> next);

    assembled assemble_again();
    std::unique_ptr<carrier> make_carrier(std::unique_ptr<assembly> parts);
    void wait_for_signal();
    void take_signal(int number);
    void stop();
    void fail(const std::string& why);
    void watching(const access::cluster& cluster);
    void refuse(const std::vector<std::string>& errors);
    void open_pages();
    void open_callbacks();
    ops::instance_status status() const;

    process* owner_;
    const ops::instance_slot* slot_;
    configuration_source source_;
    boost::asio::signal_set signals_;
    workflow::task_group tasks_;
    std::unique_ptr<ports::alarm> news_; // a signal, or an end
    std::unique_ptr<carrier> current_;
    trial* trying_ = nullptr; // while a candidate is tried
    operator_pages pages_;
    callback_server callbacks_;
    instant started_;
    instant configuration_read_;
    std::string reload_refused_;
    bool ready_ = false; // the service manager was told so
    bool reloading_ = false;
    bool reload_wanted_ = false;
    bool stopping_ = false;
    int status_;
};

} // namespace hallpass::app
