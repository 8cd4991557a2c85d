// A kind of service, before it is configured: what a service's folder offers to the composition root.
#pragma once

#include "access/identity.hpp"
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
    std::string public_addr = {}; // of the public listener, "https://host[:port]", "" where not said
    settings* file = nullptr;     // the whole file: where the kind's further sections are
};

struct service_kind {
    std::string_view name;    // its section in the configuration: "slack"
    std::string_view example; // what `hallpass configure NAME` prints

    // Reads the service's own section. Problems go into `own`; then there is no service.
    std::unique_ptr<service> (*make)(settings& own, service_environment environment);

    // It says itself who is told, so that [role_to_recipients] may be absent.
    bool has_own_recipients = false;

    // Its accounts are mail addresses: what stands on the left of [<service>.users].
    bool people_by_address = false;

    // Further sections at the top of the file that are this service's: "smtp". Any of them configures it, and
    // its own section may be absent then.
    std::span<const std::string_view> more_sections = {};
};

} // namespace hallpass::ports
