// A configured service with the workflow that feeds it.
#pragma once

#include "access/routing.hpp"
#include "ports/service.hpp"
#include "workflow/dispatcher.hpp"

#include <memory>

namespace hallpass::app {

struct carried_service {
    std::unique_ptr<ports::service> service;
    access::routing_table routing;
    std::unique_ptr<workflow::dispatcher> dispatcher; // refers to the two above
};

} // namespace hallpass::app
