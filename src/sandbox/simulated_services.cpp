#include "sandbox/simulated_services.hpp"

#include "sandbox/machinery.hpp"

#include <utility>

namespace hallpass::sandbox {

simulated_services::simulated_services(std::unique_ptr<machinery> inside) : inside_(std::move(inside)) {}

simulated_services::~simulated_services() = default;

result<std::unique_ptr<simulated_services>>
simulated_services::start(sandbox_options options, ports::log& out) {
    auto inside = std::make_unique<machinery>(std::move(options), out);
    if (auto started = inside->start(); !started) {
        return started.error();
    }
    return std::unique_ptr<simulated_services>(new simulated_services(std::move(inside)));
}

const sandbox_addresses& simulated_services::addresses() const noexcept {
    return inside_->addresses;
}

const std::string& simulated_services::directory() const noexcept {
    return inside_->options.directory;
}

cluster_state& simulated_services::cluster() noexcept {
    return inside_->cluster;
}

slack_state& simulated_services::slack() noexcept {
    return inside_->slack;
}

discord_state& simulated_services::discord() noexcept {
    return inside_->discord;
}

fault_plan& simulated_services::auth_faults() noexcept {
    return inside_->auth_faults;
}

fault_plan& simulated_services::slack_faults() noexcept {
    return inside_->slack_faults;
}

fault_plan& simulated_services::discord_faults() noexcept {
    return inside_->discord_faults;
}

const change_signal& simulated_services::changes() const noexcept {
    return inside_->changes;
}

outcome<boost::json::value> simulated_services::use_slack(const std::string& what, boost::json::object body) {
    return inside_->use_slack({"POST", {"slack", what}, std::move(body)});
}

outcome<boost::json::value>
simulated_services::use_discord(const std::string& what, boost::json::object body) {
    return inside_->use_discord({"POST", {"discord", what}, std::move(body)});
}

outcome<boost::json::value>
simulated_services::use_party(std::string_view name, const std::string& what, boost::json::object body) {
    return inside_->use_party(name, {"POST", {what}, std::move(body)});
}

bool simulated_services::all_parties_have_messages() {
    return inside_->all_parties_have_messages();
}

result<void> simulated_services::rotate() {
    return inside_->on_server_thread([this] { return inside_->rotate(); });
}

result<void> simulated_services::switch_auth(bool up) {
    return inside_->on_server_thread([this, up] { return inside_->switch_auth(up); });
}

result<void> simulated_services::switch_slack(bool up) {
    return inside_->on_server_thread([this, up] { return inside_->switch_slack(up); });
}

result<void> simulated_services::switch_discord(bool up) {
    return inside_->on_server_thread([this, up] { return inside_->switch_discord(up); });
}

} // namespace hallpass::sandbox
