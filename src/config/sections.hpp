// The sections that are not a service's.
#pragma once

#include "config/configuration.hpp"

namespace hallpass::config {

// Problems go into the cursor's list; what is wrong keeps its default.
teleport_section read_teleport(settings& all);
log_section read_log(settings& all);
http_section read_http(settings& all);
uncertain_policy read_on_uncertain(settings& all);

// For one service: its own section `review` before the common one, key by key. Of people, only the service's
// table, not what its file says.
access::review_rules
read_review(std::optional<settings> common, settings& service, const std::string& service_name);

// What the service's own section says of it: in whose name, or that nobody decides there.
void read_decide(settings& service, access::review_rules& into);

} // namespace hallpass::config
