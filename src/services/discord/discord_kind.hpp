// Discord, for the composition root.
#pragma once

#include "ports/service_kind.hpp"

namespace hallpass::services::discord {

extern const ports::service_kind discord_kind;

} // namespace hallpass::services::discord
