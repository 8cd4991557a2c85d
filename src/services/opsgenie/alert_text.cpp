#include "services/opsgenie/alert_text.hpp"

#include "services/ticket_facts.hpp"

#include <boost/json/array.hpp>

namespace hallpass::services::opsgenie {

namespace json = boost::json;

namespace {

constexpr std::string_view alias_prefix = "teleport-access-request/";
constexpr std::string_view lead = "Teleport: ";
// They count characters, of which no text has more than bytes.
constexpr std::size_t message_bytes = 130;
constexpr std::size_t description_bytes = 15'000;
constexpr std::size_t note_bytes = 8'000;

} // namespace

std::string alias_of(std::string_view request_id) {
    return std::string(alias_prefix).append(request_id);
}

json::object
new_alert(const access::card& shown, const std::vector<responder>& to, const std::string& priority) {
    json::object made{
        {"message", std::string(lead) + ticket_title(shown, message_bytes - lead.size())},
        {"alias", alias_of(shown.request_id)},
        {"description",
         fitted(
             description_bytes, [&](const amounts& room) { return plain_text(request_facts(shown, room)); }
         )},
        {"responders", to_json(to)},
        {"tags", json::array{"teleport"}},
        {"source", "hallpass"},
        {"user", "hallpass"}};
    if (!priority.empty()) {
        made["priority"] = priority;
    }
    return made;
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

} // namespace hallpass::services::opsgenie
