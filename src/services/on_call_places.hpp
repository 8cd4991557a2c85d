// Being on call where a service has one kind of place for it, a team or a rota: what the operator writes of
// it, and whose account is the requester's.
#pragma once

#include "access/identity.hpp"
#include "access/on_call_rules.hpp"
#include "base/settings.hpp"
#include "base/time.hpp"
#include "ports/log.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services {

struct on_call_places {
    bool enabled = true;
    std::vector<std::string> places; // being on call there is enough, without an annotation
    access::on_call_rules rules;
};

// approve_on_call, and [<service>.on_call], which has the places by that key. Problems go into the cursor's
// list, and false comes back.
bool read_on_call_places(settings& own, std::string_view key, on_call_places& into);

// Those that the request's annotation names, and those of the configuration; each once.
std::vector<std::string> places_for(
    const access::access_request& request, const std::string& annotation, const on_call_places& written
);

// The same, and none where the rules say that nobody is to be asked: that is logged.
std::vector<std::string> places_to_ask(
    std::string_view service,
    const access::access_request& request,
    const std::string& annotation,
    const on_call_places& written,
    instant now,
    ports::log& out
);

// By the operator's table, where the account or the user is in it; else by one of the account's names, in any
// case of letters.
bool is_account_of(
    const access::people* listed,
    const std::string& account,
    const std::vector<std::string>& names,
    const std::string& teleport_user
);

} // namespace hallpass::services
