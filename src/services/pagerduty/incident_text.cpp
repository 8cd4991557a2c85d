#include "services/pagerduty/incident_text.hpp"

#include "services/ticket_facts.hpp"

#include <algorithm>

namespace hallpass::services::pagerduty {

namespace json = boost::json;

namespace {

constexpr std::string_view key_prefix = "teleport-access-request/";
constexpr std::string_view lead = "Teleport: ";
constexpr std::size_t title_bytes = 255;
constexpr std::size_t details_bytes = 16'000;
constexpr std::size_t note_bytes = 8'000;
constexpr std::size_t longest_id = 100;

constexpr std::string_view how_to_decide =
    "\nTo decide here, add a note that says \"approve\" or \"deny\", with a reason behind a colon: "
    "\"approve: seen, and fine\". Acknowledging and resolving the incident decide nothing.";

} // namespace

std::string incident_key(std::string_view request_id) {
    return std::string(key_prefix).append(request_id);
}

std::optional<std::string> request_of(std::string_view incident_key) {
    if (!incident_key.starts_with(key_prefix)) {
        return std::nullopt;
    }
    const std::string_view id = incident_key.substr(key_prefix.size());
    const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
    return plain && !id.empty() && id.size() <= longest_id ? std::optional(std::string(id)) : std::nullopt;
}

json::object new_incident(
    const access::card& shown, const std::string& service, const std::string& urgency, bool takes_notes
) {
    std::string details =
        fitted(details_bytes, [&](const amounts& room) { return plain_text(request_facts(shown, room)); });
    if (takes_notes) {
        details += how_to_decide;
    }
    json::object incident{
        {"type", "incident"},
        {"title", std::string(lead) + ticket_title(shown, title_bytes - lead.size())},
        {"service", json::object{{"id", service}, {"type", "service_reference"}}},
        {"incident_key", incident_key(shown.request_id)},
        {"body", json::object{{"type", "incident_body"}, {"details", std::move(details)}}}};
    if (!urgency.empty()) {
        incident["urgency"] = urgency;
    }
    return json::object{{"incident", std::move(incident)}};
}

std::string review_note(const access::card& shown, std::size_t index, const access::delivery_key& key) {
    return fitted(note_bytes, [&](const amounts& room) {
        ticket_facts facts = review_facts(shown, index, room);
        facts.push_back(mark_fact(key));
        return plain_text(facts);
    });
}

access::delivery_key outcome_key(const access::card& shown) {
    return access::delivery_key(shown.request_id, "outcome");
}

std::string outcome_note(const access::card& shown) {
    return fitted(note_bytes, [&](const amounts& room) {
        ticket_facts facts = outcome_facts(shown, room);
        facts.push_back(mark_fact(outcome_key(shown)));
        return plain_text(facts);
    });
}

} // namespace hallpass::services::pagerduty
