#include "services/on_call_places.hpp"

#include "base/text.hpp"
#include "services/on_call_section.hpp"

#include <algorithm>

namespace hallpass::services {

bool read_on_call_places(settings& own, std::string_view key, on_call_places& into) {
    into.enabled = own.flag("approve_on_call").value_or(into.enabled);
    auto table = own.table("on_call");
    if (!table) {
        return !own.has("on_call");
    }
    into.enabled = table->flag("enabled").value_or(into.enabled);
    into.places = table->texts(key).value_or(std::vector<std::string>());
    const bool rules = read_on_call_rules(*table, into.rules);
    if (!into.places.empty() && into.rules.roles.empty()) {
        table->error(
            "roles", "is missing; list the roles that people on call get without a reviewer, or \"*\" for all"
        );
        return false;
    }
    return rules;
}

std::vector<std::string> places_for(
    const access::access_request& request, const std::string& annotation, const on_call_places& written
) {
    std::vector<std::string> all;
    const auto add = [&](const std::vector<std::string>& named) {
        for (const std::string& one : named) {
            std::string name(trimmed(one));
            if (!name.empty() && std::find(all.begin(), all.end(), name) == all.end()) {
                all.push_back(std::move(name));
            }
        }
    };
    const auto annotated = request.system_annotations.find(annotation);
    if (annotated != request.system_annotations.end()) {
        add(annotated->second);
    }
    add(written.places);
    return all;
}

std::vector<std::string> places_to_ask(
    std::string_view service,
    const access::access_request& request,
    const std::string& annotation,
    const on_call_places& written,
    instant now,
    ports::log& out
) {
    std::vector<std::string> all = places_for(request, annotation, written);
    if (!written.enabled || all.empty() || request.user.empty()) {
        return {};
    }
    if (const auto why = access::why_not(written.rules, request, now)) {
        out.debug(
            "on_call_not_asked",
            {{"service", std::string(service)}, {"request_id", request.id}, {"reason", *why}}
        );
        return {};
    }
    return all;
}

bool is_account_of(
    const access::people* listed,
    const std::string& account,
    const std::vector<std::string>& names,
    const std::string& teleport_user
) {
    if (teleport_user.empty()) {
        return false;
    }
    if (listed != nullptr) {
        const auto line = listed->find(account);
        if (line != listed->end()) {
            return line->second == teleport_user;
        }
        const bool is_somebody_else = std::any_of(listed->begin(), listed->end(), [&](const auto& one) {
            return one.second == teleport_user;
        });
        if (is_somebody_else) {
            return false;
        }
    }
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return lower_case(name) == lower_case(teleport_user);
    });
}

} // namespace hallpass::services
