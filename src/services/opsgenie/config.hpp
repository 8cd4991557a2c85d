// What the operator writes in [opsgenie] (upstream-ticketing 3.1), and in [jsm] for its successor, the
// operations of Jira Service Management (api-ticketing 3.7).
#pragma once

#include "access/on_call_rules.hpp"
#include "base/secret.hpp"
#include "base/settings.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::opsgenie {

enum class platform { opsgenie, jsm };

struct on_call_config {
    bool enabled = true; // as upstream has it: the annotation alone decides
    access::on_call_rules rules;
    std::vector<std::string> schedules; // names or ids; where one is, roles are too
};

struct opsgenie_config {
    platform on = platform::opsgenie;
    secret api_key;          // of an API integration: makes and closes alerts
    std::string alerts_url;  // ends with "/", as each
    std::string reading_url; // alerts, schedules and users are read there
    secret reading_header;   // "GenieKey …", or "Basic …" of a person
    std::string site_url;    // of Jira, for e-mails of accounts; "" where nobody asks for them
    std::vector<std::string> default_schedules;
    std::vector<std::string> default_teams;
    std::string priority; // "" is the service's own
    bool own_routing = false;
    std::chrono::nanoseconds least_interval{0};
    on_call_config on_call;
};

// Nothing where there is an error; it stands in the cursor's list.
std::optional<opsgenie_config> read_opsgenie_config(settings& own);
std::optional<opsgenie_config> read_jsm_config(settings& own);

// Of the messages, the log and the plugin data: "opsgenie", "jsm".
std::string_view name_of(platform on) noexcept;
// For people: "Opsgenie".
std::string_view title_of(platform on) noexcept;

} // namespace hallpass::services::opsgenie
