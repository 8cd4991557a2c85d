// PagerDuty, for the composition root.
#pragma once

#include "ports/service_kind.hpp"

namespace hallpass::services::pagerduty {

extern const ports::service_kind pagerduty_kind;

} // namespace hallpass::services::pagerduty
