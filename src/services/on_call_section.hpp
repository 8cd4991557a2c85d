// What is the same in every service's [<service>.on_call].
#pragma once

#include "access/on_call_rules.hpp"
#include "base/settings.hpp"

namespace hallpass::services {

// roles, hours, days, time_zone, utc_offset and max_duration. Problems go into the cursor's list, and false
// comes back.
bool read_on_call_rules(settings& own, access::on_call_rules& into);

} // namespace hallpass::services
