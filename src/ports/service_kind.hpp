// A kind of service, before it is configured: what a service's folder offers to the composition root.
#pragma once

#include "access/identity.hpp"
#include "access/routing.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"
#include "ports/clock.hpp"
#include "ports/http_client.hpp"
#include "ports/log.hpp"
#include "ports/mail_client.hpp"
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
    mail_client* mail = nullptr;            // null where no mail can be sent
    settings* review = nullptr;             // [review], where the file has it
    const access::people* people = nullptr; // of the service, as the operator lists them at any time
    std::string public_addr{}; // of [http]: "https://host[:port]" of our callbacks; "" where it isn't said
    // Whom [role_to_recipients] names for the service: for one that says itself who is told, and weighs this
    // against its own word. Null where the file has none. It is there only while the service is made.
    const access::routing_table* routing = nullptr;
    settings* file = nullptr; // the whole file: where the kind's further sections are
};

struct service_kind {
    std::string_view name;    // in the log, in plugin data, and its section unless it names others: "slack"
    std::string_view example; // what `hallpass configure NAME` prints

    // Reads the service's own section. Problems go into `own`; then there is no service.
    std::unique_ptr<service> (*make)(settings& own, service_environment environment);

    // It says itself who is told, so that [role_to_recipients] may be absent.
    bool has_own_recipients = false;

    // Its section at the top of the file, where it isn't of its name: "msapi".
    std::string_view section = {};

    // Further sections at the top of the file that are this service's: "smtp". Any of them configures it, and
    // its own section may be absent then.
    std::span<const std::string_view> more_sections = {};

    // Its accounts are mail addresses: what stands on the left of [<service>.users].
    bool people_by_address = false;

    // What `hallpass configure NAME` does with further arguments, and what it says then. Null: it takes none.
    result<std::string> (*configure)(const std::vector<std::string>& arguments) = nullptr;

    // Its section may say decide = "state": whoever acts on a ticket decides, as upstream has it.
    bool may_take_anyone = false;

    std::string_view main_section() const noexcept { return section.empty() ? name : section; }
};

} // namespace hallpass::ports
