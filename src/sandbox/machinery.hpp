// The inside of a sandbox: the states, the servers, and the thread that serves HTTP.
#pragma once

#include "sandbox/auth_server.hpp"
#include "sandbox/cluster_pki.hpp"
#include "sandbox/control_commands.hpp"
#include "sandbox/control_parts.hpp"
#include "sandbox/discord_callback.hpp"
#include "sandbox/discord_gateway.hpp"
#include "sandbox/local_server.hpp"
#include "sandbox/simulated_services.hpp"
#include "sandbox/slack_callback.hpp"
#include "sandbox/slack_sockets.hpp"
#include "sandbox/third_parties.hpp"
#include "sandbox/waits.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace hallpass::sandbox {

class simulated_services::machinery {
public:
    machinery(sandbox_options options, ports::log& out);
    ~machinery();
    machinery(const machinery&) = delete;
    machinery& operator=(const machinery&) = delete;

    result<void> start();

    result<void> rotate();
    result<void> switch_auth(bool up);
    result<void> switch_slack(bool up);
    result<void> switch_discord(bool up);
    // Does it on the thread of the servers and waits for the end of it.
    result<void> on_server_thread(std::function<result<void>()> act);
    outcome<boost::json::value> use_slack(control_command command);
    outcome<boost::json::value> use_discord(control_command command);
    outcome<boost::json::value> use_party(std::string_view name, control_command command);
    bool all_parties_have_messages();

    sandbox_options options;
    sandbox_addresses addresses;
    change_signal changes;
    cluster_state cluster;
    slack_state slack;
    discord_state discord;
    fault_plan auth_faults;
    fault_plan slack_faults;
    fault_plan discord_faults;

private:
    // An HTTPS server with a certificate of our own.
    result<std::unique_ptr<local_server>>
    start_service(const std::string& listen, net::request_handler handler);
    result<void> start_services();
    control_parts parts_to_control();
    result<void> start_control();
    result<void> write_files();
    void watch_for_changes();
    boost::asio::awaitable<void> expire_until_closed();
    void stop();

    ports::log& out_;
    waits pollers_;
    waits delays_;
    std::atomic<bool> wake_posted_ = false;
    // Everything below uses it, so it dies last.
    boost::asio::io_context context_{1};
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> alive_;
    slack_sockets sockets_;
    slack_callback callback_;
    discord_gateway gateway_;
    discord_callback discord_clicks_;
    std::unique_ptr<cluster_pki> pki_;
    std::unique_ptr<auth_server> auth_;
    std::unique_ptr<local_server> slack_server_;
    std::unique_ptr<local_server> discord_server_;
    third_parties parties_;
    std::shared_ptr<const control_parts> control_;
    std::unique_ptr<local_server> control_server_;
    std::thread thread_;
};

} // namespace hallpass::sandbox
