#include "teleport/teleport.hpp"

#include "teleport/connection.hpp"
#include "teleport/gateway.hpp"
#include "teleport/reviews.hpp"
#include "teleport/transport/direct_dialler.hpp"

#include <optional>
#include <utility>

namespace hallpass::teleport {

namespace {

constexpr std::chrono::seconds call_limit{10};

connection_options make_options(const teleport_config& config, const transport::address& at) {
    connection_options options;
    options.peer = to_string(at);
    options.refresh = config.refresh_identity;
    options.refresh_interval = config.refresh_identity_interval;
    options.call_limit = call_limit;
    options.fail_fast = config.fail_fast;
    return options;
}

credential_files files_of(const teleport_config& config) {
    return {config.identity_file, config.client_key, config.client_crt, config.root_cas};
}

} // namespace

// In the order in which they need each other.
struct teleport_client::parts {
    parts(
        boost::asio::io_context& context, const teleport_config& config, ports::clock& time, ports::log& out
    )
        : address(transport::parse_address(config.addr)),
          at(address ? *address : transport::address{}),
          pump(context),
          running(context.get_executor()),
          identities(files_of(config), out),
          dialler(context.get_executor(), at),
          sessions(context.get_executor(), to_string(at)),
          details(context.get_executor(), sessions, time, out),
          calls(sessions, details, running, call_limit),
          decisions(context.get_executor(), sessions, time, running, call_limit),
          link({context, pump, identities, dialler, sessions, running, time, out}, make_options(config, at)) {
    }

    result<transport::address> address;
    transport::address at;
    completion_pump pump;
    in_flight running;
    credentials identities;
    transport::direct_dialler dialler;
    session_slot sessions;
    enrich::enricher details;
    hallpass::teleport::gateway calls;
    hallpass::teleport::reviews decisions;
    connection link;
};

teleport_client::teleport_client(
    boost::asio::io_context& context, teleport_config config, ports::clock& time, ports::log& out
)
    : parts_(std::make_unique<parts>(context, config, time, out)) {}

teleport_client::~teleport_client() = default;

ports::access_gateway& teleport_client::gateway() noexcept {
    return parts_->calls;
}

ports::review_gateway& teleport_client::reviews() noexcept {
    return parts_->decisions;
}

boost::asio::awaitable<result<void>> teleport_client::run(ports::access_events& events) {
    if (!parts_->address) {
        co_return parts_->address.error();
    }
    const result<void> ended = co_await parts_->link.run(events);
    co_return ended;
}

boost::asio::awaitable<result<std::string>> teleport_client::probe() {
    if (!parts_->address) {
        co_return parts_->address.error();
    }
    const result<std::string> found = co_await parts_->link.probe();
    co_return found;
}

link_status teleport_client::status() const {
    link_status now = parts_->link.status();
    if (!parts_->address) {
        now.why = parts_->address.error().text();
    }
    return now;
}

boost::asio::awaitable<void> teleport_client::close() {
    parts_->sessions.close();
    parts_->link.stop();
    constexpr std::chrono::hours without_limit{24};
    co_await parts_->running.none(without_limit);
    co_await parts_->link.stopped();
    parts_->pump.shut_down();
}

} // namespace hallpass::teleport
