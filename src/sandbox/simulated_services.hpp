// The whole sandbox in one object: simulated Auth Service, Slack and Discord, control port and page.
#pragma once

#include "base/result.hpp"
#include "ports/log.hpp"
#include "sandbox/change_signal.hpp"
#include "sandbox/cluster_state.hpp"
#include "sandbox/discord_state.hpp"
#include "sandbox/fault_plan.hpp"
#include "sandbox/refusal.hpp"
#include "sandbox/slack_state.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hallpass::sandbox {

struct sandbox_options {
    std::string directory; // where identity, ca.pem, hallpass.toml and ready.json go; made if it is not there
    std::string listen = "127.0.0.1:0";
    std::string auth_listen = "127.0.0.1:0";
    std::string slack_listen = "127.0.0.1:0";
    std::string discord_listen = "127.0.0.1:0";
    std::string slack_callback;   // where clicks are posted to; "" until the control port says it
    std::string discord_callback; // the same
    // Where the hallpass of the example configuration takes clicks; "" is a hallpass that takes none.
    std::string hallpass_listen;
    std::string cluster = "sandbox.example.com";
    std::chrono::seconds identity_lifetime = std::chrono::hours(1);
    std::uint64_t seed = 1; // of the faults that come by chance
};

struct sandbox_addresses {
    std::string page;    // "http://127.0.0.1:40001/", the control port too
    std::string auth;    // "127.0.0.1:40002"
    std::string slack;   // "https://127.0.0.1:40003/api/"
    std::string discord; // "https://127.0.0.1:40004/api/"
};

// Runs on threads of its own. Every member may be called from any other thread.
class simulated_services {
public:
    // Returns when everything listens and the files are written, ready.json last. `out` outlives it.
    static result<std::unique_ptr<simulated_services>> start(sandbox_options options, ports::log& out);

    // Ends every connection and call, then joins.
    ~simulated_services();
    simulated_services(const simulated_services&) = delete;
    simulated_services& operator=(const simulated_services&) = delete;

    const sandbox_addresses& addresses() const noexcept;
    const std::string& directory() const noexcept;

    cluster_state& cluster() noexcept;
    slack_state& slack() noexcept;
    discord_state& discord() noexcept;
    fault_plan& auth_faults() noexcept;
    fault_plan& slack_faults() noexcept;
    fault_plan& discord_faults() noexcept;
    // Told of every change in cluster, Slack and Discord.
    const change_signal& changes() const noexcept;

    // What a person does in Slack: "click", "submit", "close" or "callback" with the body that the control
    // port takes. Returns when Slack would show the outcome.
    outcome<boost::json::value> use_slack(const std::string& what, boost::json::object body);
    outcome<boost::json::value> use_discord(const std::string& what, boost::json::object body);
    // The same of a third party with a folder of its own.
    outcome<boost::json::value>
    use_party(std::string_view name, const std::string& what, boost::json::object body);
    // Each of those has been told something.
    bool all_parties_have_messages();

    // Writes a new identity file and refuses the old certificate in new connections.
    result<void> rotate();
    result<void> switch_auth(bool up);
    result<void> switch_slack(bool up);
    result<void> switch_discord(bool up);

private:
    class machinery;

    explicit simulated_services(std::unique_ptr<machinery> inside);

    std::unique_ptr<machinery> inside_;
};

} // namespace hallpass::sandbox
