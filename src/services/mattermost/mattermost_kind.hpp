// Mattermost, for the composition root.
#pragma once

#include "ports/service_kind.hpp"

namespace hallpass::services::mattermost {

extern const ports::service_kind mattermost_kind;

} // namespace hallpass::services::mattermost
