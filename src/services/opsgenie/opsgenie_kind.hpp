// Opsgenie and its successor, for the composition root.
#pragma once

#include "ports/service_kind.hpp"

namespace hallpass::services::opsgenie {

extern const ports::service_kind opsgenie_kind;
extern const ports::service_kind jsm_kind;

} // namespace hallpass::services::opsgenie
