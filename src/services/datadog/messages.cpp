#include "services/datadog/messages.hpp"

#include "access/routing.hpp"
#include "base/text.hpp"
#include "services/card_words.hpp"
#include "services/display_text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace hallpass::services::datadog {

namespace json = boost::json;

namespace {

constexpr std::size_t title_bytes = 200;
constexpr std::size_t summary_bytes = 8000; // no limit is published
constexpr std::size_t cell_bytes = 4000;
constexpr std::size_t reason_bytes = 2000;

bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

json::object field(std::string_view type, std::string_view value) {
    return {{"type", type}, {"value", value}};
}

// What happened so far, for those who see no timeline.
void add_reviews(ticket_facts& to, const access::card& shown, const amounts& room) {
    const std::size_t count = std::min(shown.reviews.size(), room.reviews);
    if (count < shown.reviews.size()) {
        to.push_back(
            {fact_kind::line, "Reviews",
             "the newest " + std::to_string(count) + " of " + std::to_string(shown.reviews.size())}
        );
    }
    for (std::size_t i = shown.reviews.size() - count; i < shown.reviews.size(); ++i) {
        ticket_facts one = review_facts(shown, i, room);
        to.insert(to.end(), one.begin(), one.end());
    }
}

std::string drawn_summary(const access::card& shown, const amounts& room) {
    ticket_facts facts = outcome_facts(shown, room);
    ticket_facts request = request_facts(shown, room);
    facts.insert(facts.end(), request.begin(), request.end());
    add_reviews(facts, shown, room);
    facts.push_back(mark_fact(access::delivery_key(shown.request_id, "card")));
    return to_markdown(facts);
}

} // namespace

addressees sort_recipients(const std::vector<std::string>& recipients) {
    addressees sorted;
    for (const std::string& one : recipients) {
        if (access::looks_like_email(one)) {
            sorted.handles.push_back('@' + one);
        } else if (!one.empty()) {
            sorted.teams.push_back(one);
        }
    }
    return sorted;
}

namespace {

constexpr std::string_view breaker = "\xE2\x80\x8B"; // U+200B, which display texts never hold

// An at sign inside a word begins no handle.
std::string without_handles(std::string_view display) {
    std::string out;
    for (std::size_t i = 0; i < display.size(); ++i) {
        out += display[i];
        if (display[i] == '@' && (i == 0 || !is_word(display[i - 1]))) {
            out += breaker;
        }
    }
    return out;
}

} // namespace

std::string escaped(std::string_view display) {
    constexpr std::string_view live = "\\`*_{}[]<>()#+-!|~&";
    std::string out;
    for (std::size_t i = 0; i < display.size(); ++i) {
        const char c = display[i];
        const bool inside =
            i > 0 && i + 1 < display.size() && is_word(display[i - 1]) && is_word(display[i + 1]);
        const bool harmless = inside && (c == '-' || c == '_' || c == '+');
        if (live.find(c) != std::string_view::npos && !harmless) {
            out += '\\';
        }
        out += c;
        // A handle begins with an at sign that isn't inside a word; a link has a colon and slashes.
        const bool handle = c == '@' && (i == 0 || !is_word(display[i - 1]));
        const bool link = c == ':' && display.substr(i + 1).starts_with("//");
        if (handle || link) {
            out += breaker;
        }
    }
    return out;
}

std::string to_markdown(const ticket_facts& facts) {
    std::string out;
    for (const ticket_fact& fact : facts) {
        out.append(out.empty() ? "" : "\n\n");
        switch (fact.kind) {
        case fact_kind::quote:
            out += "**" + fact.label + ":**\n";
            for (const std::string& line : split(fact.text, '\n')) {
                out += "\n> " + escaped(line);
            }
            break;
        case fact_kind::link:
            out += '[' + fact.label + "](" + fact.text + ')';
            break;
        case fact_kind::mark:
            out += fact.text;
            break;
        case fact_kind::line:
            out += fact.label.empty() ? escaped(fact.text)
                                      : "**" + escaped(fact.label) + ":** " + escaped(fact.text);
            break;
        }
    }
    return out;
}

std::string summary(const access::card& shown) {
    return fitted(summary_bytes, [&](const amounts& room) { return drawn_summary(shown, room); });
}

json::object new_incident(const access::card& shown, const addressees& to, std::string_view severity) {
    json::object fields{
        {"summary", field("textbox", summary(shown))},
        {"state", field("dropdown", access::is_resolved(shown.state) ? "resolved" : "active")},
        {"detection_method", field("dropdown", "employee")},
        {"severity", field("dropdown", severity)}};
    const std::string reason = display_lines(shown.request_reason, reason_bytes);
    if (!reason.empty()) {
        fields["root_cause"] = field("textbox", escaped(reason));
    }
    if (!to.teams.empty()) {
        fields["teams"] =
            json::object{{"type", "multiselect"}, {"value", json::array(to.teams.begin(), to.teams.end())}};
    }
    json::array handles;
    for (const std::string& handle : to.handles) {
        handles.push_back(json::object{{"handle", handle}});
    }
    json::object attributes{
        {"title", without_handles(ticket_title(shown, title_bytes))},
        {"customer_impacted", false},
        {"fields", std::move(fields)}};
    if (!handles.empty()) {
        attributes["notification_handles"] = std::move(handles);
    }
    return {{"data", json::object{{"type", "incidents"}, {"attributes", std::move(attributes)}}}};
}

json::object changed_incident(const std::string& id, const access::card& shown) {
    json::object fields{{"summary", field("textbox", summary(shown))}};
    if (access::is_resolved(shown.state)) {
        fields["state"] = field("dropdown", "resolved");
    }
    json::object attributes{{"fields", std::move(fields)}};
    return {{"data", json::object{{"id", id}, {"type", "incidents"}, {"attributes", std::move(attributes)}}}};
}

json::object timeline_cell(const access::card& shown, std::size_t index, const access::delivery_key& key) {
    const std::string text = fitted(cell_bytes, [&](const amounts& room) {
        ticket_facts facts = review_facts(shown, index, room);
        facts.push_back(mark_fact(key));
        return to_markdown(facts);
    });
    json::object attributes{{"cell_type", "markdown"}, {"content", json::object{{"content", text}}}};
    return {
        {"data", json::object{{"type", "incident_timeline_cells"}, {"attributes", std::move(attributes)}}}};
}

} // namespace hallpass::services::datadog
