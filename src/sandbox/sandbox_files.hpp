// The files that the sandbox writes for a daemon to start with.
#pragma once

#include "base/result.hpp"
#include "sandbox/simulated_services.hpp"
#include "sandbox/third_parties.hpp"

#include <string>

namespace hallpass::sandbox {

result<void> make_directory_if_missing(const std::string& path);

// As the Developer Portal shows it.
struct discord_app {
    std::string token;
    std::string application_id;
    std::string public_key;
};

// A configuration of hallpass that reaches this sandbox.
std::string example_configuration(
    const sandbox_options& options,
    const sandbox_addresses& addresses,
    const slack_bot& bot,
    const discord_app& app,
    const third_parties& parties
);

std::string ready_json(
    const sandbox_options& options,
    const sandbox_addresses& addresses,
    const discord_app& app,
    const third_parties& parties
);

} // namespace hallpass::sandbox
