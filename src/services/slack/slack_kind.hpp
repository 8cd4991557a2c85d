// Slack, for the composition root.
#pragma once

#include "ports/service_kind.hpp"

namespace hallpass::services::slack {

extern const ports::service_kind slack_kind;

} // namespace hallpass::services::slack
