// Microsoft Teams, for the composition root.
#pragma once

#include "ports/service_kind.hpp"

namespace hallpass::services::msteams {

extern const ports::service_kind msteams_kind;

} // namespace hallpass::services::msteams
