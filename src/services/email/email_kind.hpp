// Mail, for the composition root.
#pragma once

#include "ports/service_kind.hpp"

namespace hallpass::services::email {

extern const ports::service_kind email_kind;

} // namespace hallpass::services::email
