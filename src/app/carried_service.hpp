// A configured service with the workflow that feeds it.
#pragma once

#include "access/review_rules.hpp"
#include "access/routing.hpp"
#include "app/desk.hpp"
#include "config/people.hpp"
#include "ports/service.hpp"
#include "workflow/dispatcher.hpp"
#include "workflow/on_call_approver.hpp"

#include <memory>

namespace hallpass::app {

struct carried_service {
    std::unique_ptr<access::review_rules> review; // whom it lists may change while it runs
    config::people_section people;
    std::unique_ptr<ports::service> service;
    access::routing_table routing;
    std::unique_ptr<workflow::dispatcher> dispatcher;    // refers to the two above
    std::unique_ptr<workflow::on_call_approver> on_call; // null where the service has no say in it
    std::unique_ptr<desk> decisions;                     // refers to the rules; dies before the service
};

} // namespace hallpass::app
