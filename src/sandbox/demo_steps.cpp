#include "sandbox/demo_steps.hpp"

#include "sandbox/party_configuration.hpp"

#include <boost/json/object.hpp>

#include <fstream>
#include <iterator>
#include <memory>
#include <string_view>

namespace hallpass::sandbox {

namespace {

using namespace std::chrono_literals;
using seconds_since_epoch = std::chrono::sys_seconds;

seconds_since_epoch this_second() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string content_of(const std::string& path) {
    std::ifstream in(path);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

result<void> send_clicks_to(simulated_services& world, const std::string& address) {
    const std::string at = "http://" + address;
    const auto slack = world.use_slack("callback", {{"url", at + "/slack/interactivity"}});
    if (!slack) {
        return fault(fault_kind::permanent, slack.error().text);
    }
    const auto discord = world.use_discord("callback", {{"url", at + "/discord/interactions"}});
    if (!discord) {
        return fault(fault_kind::permanent, discord.error().text);
    }
    for (const webhook_of_party& one : party_webhooks()) {
        const std::string url = at + std::string(one.path);
        const auto told = world.use_party(one.party, std::string(one.command), {{"url", url}});
        if (!told) {
            return fault(fault_kind::permanent, std::string(one.party) + ": " + told.error().text);
        }
    }
    return {};
}

} // namespace

std::string listening_address(const std::string& log) {
    constexpr std::string_view key = " listening address=";
    const std::size_t found = log.find(key);
    if (found == std::string::npos) {
        return {};
    }
    const std::size_t begin = found + key.size();
    const std::size_t end = log.find_first_of(" \n", begin);
    // Without its end it may be half written.
    return end == std::string::npos ? std::string() : log.substr(begin, end - begin);
}

std::vector<scenario_step> starting_steps(simulated_services& world, const std::string& log_file) {
    const auto told = std::make_shared<seconds_since_epoch>();
    return {
        {"hallpass started and watches the cluster",
         20s,
         {},
         [&world] { return world.cluster().watchers() > 0; }},
        {"hallpass listens for clicks",
         10s,
         {},
         [log_file] { return !listening_address(content_of(log_file)).empty(); }},
        {"Slack sends its clicks to hallpass, and so does everybody else", 10s,
         [=, &world] {
             *told = this_second();
             return send_clicks_to(world, listening_address(content_of(log_file)));
         },
         // Slack signs with a time in whole seconds, and what was signed in the second of hallpass's start
         // may have been seen by the hallpass before it: such a click is refused.
         [told] { return this_second() > *told; }},
    };
}

} // namespace hallpass::sandbox
