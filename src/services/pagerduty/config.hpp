// What the operator writes in [pagerduty] (upstream-ticketing 2.1).
#pragma once

#include "access/on_call_rules.hpp"
#include "access/routing.hpp"
#include "base/secret.hpp"
#include "base/settings.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::pagerduty {

struct on_call_config {
    bool enabled = true; // as upstream has it: the annotation alone decides
    access::on_call_rules rules;
    // Names or ids. Where one of them is, roles are too.
    std::vector<std::string> services;
    std::vector<std::string> schedules;
    std::vector<std::string> policies;
    // Of services and policies: who is first to be called is at level 1.
    unsigned last_level = 1;
};

struct pagerduty_config {
    secret api_key;
    std::string user_email;
    std::string api_url;               // ends with "/"
    std::vector<std::string> services; // ids or names: where incidents go that no annotation sends elsewhere
    std::string urgency;               // "" is the service's own
    std::string notify_annotation = "pagerduty_notify_service";
    std::string on_call_annotation = "pagerduty_services";
    bool own_routing = false; // [pagerduty.role_to_recipients] is there
    std::chrono::nanoseconds least_interval{0};
    secret webhook_secret{}; // "" where nothing is decided from PagerDuty
    std::string approve_action;
    std::string deny_action;
    on_call_config on_call;
};

// Nothing where there is an error; it stands in the cursor's list.
std::optional<pagerduty_config> read_config(settings& own);

} // namespace hallpass::services::pagerduty
