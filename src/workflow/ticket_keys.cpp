#include "workflow/ticket_keys.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace hallpass::workflow {

namespace {

constexpr std::array<ticket_keys, 4> all_keys{{
    {"jira", "issue_id", "issue_key", "", true},
    {"pagerduty", "incident_id", "", "service_id", true},
    {"opsgenie", "alert_id", "", "", true},
    {"servicenow", "incident_id", "", "", false},
}};

// ServiceNow's states of an incident, as upstream keeps them in place of a resolution.
constexpr std::string_view state_key = "state";
constexpr std::string_view resolved_state = "6";
constexpr std::string_view closed_state = "7";

std::string value_of(const ports::plugin_data& data, std::string_view key) {
    const auto found = data.find(std::string(key));
    return found == data.end() ? std::string() : found->second;
}

// Where our own service would have made it. A Jira issue is named by its project.
std::string place_of(const ticket_keys& keys, const ports::plugin_data& data, const std::string& name) {
    std::string place = keys.place.empty() ? name.substr(0, name.rfind('-')) : value_of(data, keys.place);
    return place.empty() ? name : place;
}

} // namespace

const ticket_keys* ticket_keys_of(std::string_view plugin) noexcept {
    const auto* found = std::find_if(all_keys.begin(), all_keys.end(), [plugin](const ticket_keys& one) {
        return one.plugin == plugin;
    });
    return found == all_keys.end() ? nullptr : found;
}

bool take_ticket(const ticket_keys& keys, const ports::plugin_data& data, access::ledger& into) {
    const std::string id = value_of(data, keys.id);
    const bool known =
        std::any_of(into.deliveries.begin(), into.deliveries.end(), [&](const access::delivery& one) {
            return one.message.conversation == id;
        });
    if (id.empty() || known) {
        return false;
    }
    std::string name = keys.name.empty() ? id : value_of(data, keys.name);
    if (name.empty()) {
        name = id;
    }
    access::message_ref ticket(id, name);
    const access::address to(keys.name.empty() && keys.place.empty() ? id : place_of(keys, data, name));
    if (access::delivery* waits = into.find(to); waits != nullptr && waits->message.empty()) {
        waits->message = std::move(ticket);
        waits->sending.card = false;
        return true;
    }
    access::delivery taken;
    taken.recipient = to.id;
    taken.to = to;
    taken.message = std::move(ticket);
    into.deliveries.push_back(std::move(taken));
    return true;
}

void write_ticket(
    const ticket_keys& keys, const std::vector<access::delivery>& deliveries, ports::plugin_data& data
) {
    const auto first = std::find_if(deliveries.begin(), deliveries.end(), [](const access::delivery& one) {
        return !one.message.empty();
    });
    if (first == deliveries.end()) {
        return;
    }
    data[std::string(keys.id)] = first->message.conversation;
    if (!keys.name.empty()) {
        data[std::string(keys.name)] = first->message.id;
    }
    if (!keys.place.empty()) {
        data[std::string(keys.place)] = first->to.id;
    }
}

access::request_state read_resolution(const ports::plugin_data& data) {
    const std::string word = lower_case(value_of(data, "resolution"));
    for (const auto state :
         {access::request_state::approved, access::request_state::denied, access::request_state::promoted,
          access::request_state::expired}) {
        if (word == lower_case(access::to_string(state))) {
            return state;
        }
    }
    const std::string incident = word.empty() ? value_of(data, state_key) : std::string();
    if (incident == resolved_state) {
        return access::request_state::approved;
    }
    if (incident == closed_state) {
        return access::request_state::denied;
    }
    return word.empty() ? access::request_state::pending : access::request_state::none;
}

void write_resolution(access::request_state state, std::string_view plugin, ports::plugin_data& data) {
    const std::string word(access::to_string(state));
    data["resolution"] = ticket_keys_of(plugin) == nullptr ? word : lower_case(word);
    if (plugin == "servicenow") {
        const bool denied = state == access::request_state::denied;
        data[std::string(state_key)] = denied ? closed_state : resolved_state;
    }
}

} // namespace hallpass::workflow
