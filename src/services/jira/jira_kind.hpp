// Jira, for the composition root.
#pragma once

#include "ports/service_kind.hpp"

namespace hallpass::services::jira {

extern const ports::service_kind jira_kind;

} // namespace hallpass::services::jira
