// What it means that a service answers, refuses us, or fails.
#pragma once

#include "base/result.hpp"
#include "ports/log.hpp"

#include <string>

namespace hallpass::app {

enum class service_health {
    ready,
    refused, // our credentials: the operator's to mend
    unsure,  // anything else may pass
};

service_health health_of(const result<std::string>& checked);

// For the operator; a check that was cancelled says nothing.
void log_check(ports::log& out, const std::string& service, const result<std::string>& checked);

} // namespace hallpass::app
