// The services that the chaos is for, as values: how each is configured, what goes wrong with it, and how its
// messages in the sandbox are read.
#pragma once

#include "judge.hpp"
#include "support/http_peer.hpp"
#include "support/running_sandbox.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hallpass::chaos {

// Commands of the sandbox's control port.
using commands = std::vector<std::pair<std::string, boost::json::object>>;

std::string same_place(const std::string& recipient);

struct service_row {
    std::string name;
    std::string title;
    std::string side;                                            // of the sandbox's faults and commands
    std::string plugin;                                          // owner of the plugin data
    std::string (*sections)(const test::running_sandbox& world); // of the configuration
    std::vector<std::string> places;
    std::string requester_place = "";
    std::string (*place_of)(const std::string& recipient) = same_place; // of what the log names
    manners held_to = {};
    // Its messages now; with what is costly to read where `in_full`.
    std::vector<shown_message> (*read)(const test::http_peer& control, bool in_full);
    // Of the usual load, for services that take so few calls that the end of it would be waited for.
    std::size_t load_in_hundred = 100;
    bool speaks_http = true; // its faults are the sandbox's usual ones

    commands errors(double percent) const;
    commands lost_answers(double percent) const;
    // As far away as real services are, so that a kill finds work under way. The work is done at once and
    // only its answer takes that long: what a dead process has sent has arrived.
    commands slow_answers() const;
    commands rate_limit(double per_second) const;
    commands no_faults() const;
};

// Throws where there is none of that name.
const service_row& service_named(std::string_view name);

// A section for Slack, with a value for role_to_recipients."*".
std::string slack_sections(const test::running_sandbox& world, const std::string& recipients);

} // namespace hallpass::chaos
