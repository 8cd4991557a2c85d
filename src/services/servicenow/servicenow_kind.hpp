// ServiceNow, for the composition root.
#pragma once

#include "ports/service_kind.hpp"

namespace hallpass::services::servicenow {

extern const ports::service_kind servicenow_kind;

} // namespace hallpass::services::servicenow
