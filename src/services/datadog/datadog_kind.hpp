// Datadog's incidents, for the composition root.
#pragma once

#include "ports/service_kind.hpp"

namespace hallpass::services::datadog {

extern const ports::service_kind datadog_kind;

} // namespace hallpass::services::datadog
