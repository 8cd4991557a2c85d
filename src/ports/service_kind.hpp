// A kind of service, before it is configured: what a service's folder offers to the composition root.
#pragma once

#include "access/identity.hpp"
#include "access/routing.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"
#include "ports/clock.hpp"
#include "ports/http_client.hpp"
#include "ports/log.hpp"
#include "ports/service.hpp"
#include "ports/websocket.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::ports {

// What a service may use. Outlives it.
struct service_environment {
    http_client& http;
    clock& time;
    log& out;
    websocket_client* sockets = nullptr;    // null where none can be opened
    settings* review = nullptr;             // [review], where the file has it
    const access::people* people = nullptr; // of the service, as the operator lists them at any time
    std::string public_addr{}; // of [http]: "https://host[:port]" of our callbacks; "" where it isn't said
    // Whom [role_to_recipients] names for it, as long as it is being made: for one that puts all of them on
    // one message.
    const access::routing_table* routing = nullptr;
};

struct service_kind {
    std::string_view name;    // in the log, in plugin data, and its section unless it names others: "slack"
    std::string_view example; // what `hallpass configure NAME` prints

    // Reads the service's own section. Problems go into `own`; then there is no service.
    std::unique_ptr<service> (*make)(settings& own, service_environment environment);

    // It says itself who is told, so that [role_to_recipients] may be absent.
    bool has_own_recipients = false;

    // Its sections at the top of the file, the main one first: "msapi". Empty: the one of its name.
    std::span<const std::string_view> sections = {};

    // What `hallpass configure NAME` does with further arguments, and what it says then. Null: it takes none.
    result<std::string> (*configure)(const std::vector<std::string>& arguments) = nullptr;

    std::string_view main_section() const noexcept { return sections.empty() ? name : sections.front(); }
};

} // namespace hallpass::ports
