// Every kind of service that this program can carry messages to.
#pragma once

#include "ports/service_kind.hpp"

#include <span>
#include <string_view>

namespace hallpass::app {

std::span<const ports::service_kind* const> service_kinds();

// Null where there is none of that name.
const ports::service_kind* find_service_kind(std::string_view name);

} // namespace hallpass::app
