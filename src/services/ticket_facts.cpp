#include "services/ticket_facts.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "services/card_words.hpp"
#include "services/display_text.hpp"

#include <algorithm>
#include <array>

namespace hallpass::services {

using access::request_state;

namespace {

// From generous to tight.
constexpr std::array<amounts, 5> amounts_to_try{{
    {8000, 4000, 250, 100, 20, 100, 50},
    {4100, 2000, 200, 40, 10, 40, 20},
    {1500, 800, 150, 20, 5, 20, 10},
    {600, 400, 80, 10, 3, 10, 5},
    {200, 200, 50, 5, 2, 5, 3},
}};
constexpr std::size_t cluster_bytes = 100;
constexpr std::size_t link_bytes = 500;
constexpr std::size_t id_bytes = 100;
constexpr std::size_t command_bytes = 200;

std::string shown_name(std::string_view name, std::size_t bytes) {
    const std::string shown = display_line(name, bytes);
    return shown.empty() ? "(empty)" : shown;
}

std::string name_list(const std::vector<std::string>& names, std::size_t at_most, std::size_t bytes_each) {
    std::string out;
    const std::size_t count = std::min(names.size(), at_most);
    for (std::size_t i = 0; i < count; ++i) {
        out.append(i == 0 ? "" : ", ").append(shown_name(names[i], bytes_each));
    }
    return count == names.size() ? out : out + and_more(names.size() - count);
}

std::string role_list(const access::card& shown, const amounts& room) {
    if (shown.logins_by_role.empty()) {
        return name_list(shown.roles, room.roles, room.name);
    }
    std::string out;
    const std::size_t count = std::min(shown.roles.size(), room.roles);
    for (std::size_t i = 0; i < count; ++i) {
        out.append(i == 0 ? "" : ", ").append(shown_name(shown.roles[i], room.name));
        const auto logins = shown.logins_by_role.find(shown.roles[i]);
        if (logins != shown.logins_by_role.end() && !logins->second.empty()) {
            out += " (logins " + name_list(logins->second, room.logins, room.name) + ")";
        }
    }
    return count == shown.roles.size() ? out : out + and_more(shown.roles.size() - count);
}

std::string shown_time(instant at) {
    // "2026-03-01T09:30:00Z", for people.
    std::string text = to_rfc3339(at);
    text.replace(text.find('T'), 1, " ");
    text.replace(text.find('Z'), 1, " UTC");
    return text;
}

void add_line(ticket_facts& to, std::string_view label, std::string text) {
    if (!text.empty()) {
        to.push_back({fact_kind::line, std::string(label), std::move(text)});
    }
}

void add_time(ticket_facts& to, std::string_view label, const std::optional<instant>& at) {
    if (at) {
        add_line(to, label, shown_time(*at));
    }
}

void add_quote(ticket_facts& to, std::string_view label, std::string_view text, std::size_t bytes) {
    std::string words = display_lines(text, bytes, 60);
    if (!words.empty()) {
        to.push_back({fact_kind::quote, std::string(label), std::move(words)});
    }
}

// Nothing that would end the link early.
bool is_plain(std::string_view link) noexcept {
    return link.find_first_of("<>()[]{}|\\\" \t\r\n") == std::string_view::npos;
}

void add_way_to_decide(ticket_facts& to, const access::card& shown) {
    if (!shown.link.empty() && shown.link.size() <= link_bytes && is_plain(shown.link)) {
        to.push_back({fact_kind::link, "Review in Teleport", shown.link});
        return;
    }
    add_line(to, "Approve with", display_line(shown.approve_command, command_bytes));
    add_line(to, "Deny with", display_line(shown.deny_command, command_bytes));
}

} // namespace

ticket_facts request_facts(const access::card& shown, const amounts& room) {
    ticket_facts made;
    add_line(made, "User", shown_name(shown.user, room.name));
    add_line(made, "Cluster", display_line(shown.cluster_name, cluster_bytes));
    if (!shown.roles.empty()) {
        add_line(made, shown.roles.size() == 1 ? "Role" : "Roles", role_list(shown, room));
    }
    if (!shown.resources.empty()) {
        add_line(
            made, shown.resources.size() == 1 ? "Resource" : "Resources",
            name_list(shown.resources, room.resources, room.name)
        );
    }
    if (shown.long_term) {
        add_line(made, "Kind", access::what_is_requested(shown));
    }
    add_time(made, "Access from", shown.assume_start);
    add_time(made, "Access until", shown.access_expires);
    if (shown.max_duration != shown.access_expires) {
        add_time(made, "At most until", shown.max_duration);
    }
    add_time(made, "Request expires", shown.request_expires);
    add_quote(made, "Reason", shown.request_reason, room.reason);
    add_line(made, "Request", shown_name(shown.request_id, id_bytes));
    add_way_to_decide(made, shown);
    return made;
}

ticket_facts review_facts(const access::card& shown, std::size_t index, const amounts& room) {
    const access::review& one = shown.reviews[index];
    ticket_facts made;
    add_line(made, "Review", status_words(one.proposed));
    add_line(made, "By", shown_name(one.author, room.name));
    add_time(made, "At", one.created);
    add_quote(made, "Reason", one.reason, room.review_reason);
    return made;
}

ticket_facts outcome_facts(const access::card& shown, const amounts& room) {
    ticket_facts made;
    add_line(made, "Access request", status_words(shown.state));
    if (shown.state == request_state::promoted) {
        add_line(made, "Access list", display_line(shown.promoted_access_list, room.name));
    }
    add_quote(made, "Resolution reason", shown.resolve_reason, room.reason);
    return made;
}

std::string mark_text(const access::delivery_key& key) {
    const auto plain = [](std::string_view text, std::size_t bytes) {
        std::string out;
        for (const char c : text.substr(0, bytes)) {
            const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            out += letter ? c : '-';
        }
        return out;
    };
    return "hallpass " + plain(key.request_id, 100) + ' ' + plain(key.part, 50);
}

ticket_fact mark_fact(const access::delivery_key& key) {
    return {fact_kind::mark, "", mark_text(key)};
}

amounts amounts_fitting(std::size_t bytes, const std::function<std::string(const amounts&)>& draw) {
    const auto fits = [&](const amounts& room) { return draw(room).size() <= bytes; };
    const auto found = std::find_if(amounts_to_try.begin(), amounts_to_try.end(), fits);
    return found == amounts_to_try.end() ? amounts_to_try.back() : *found;
}

std::string fitted(std::size_t bytes, const std::function<std::string(const amounts&)>& draw) {
    return draw(amounts_fitting(bytes, draw));
}

std::string plain_text(const ticket_facts& facts) {
    std::string out;
    for (const ticket_fact& fact : facts) {
        if (!out.empty()) {
            out += '\n';
        }
        if (fact.kind == fact_kind::quote) {
            out += fact.label + ':';
            for (const std::string& line : split(fact.text, '\n')) {
                out += "\n  " + line;
            }
        } else {
            out += fact.label.empty() ? fact.text : fact.label + ": " + fact.text;
        }
    }
    return out;
}

bool ends_with_mark(std::string_view text, const access::delivery_key& key) {
    const std::string_view whole = trimmed(text);
    const std::string_view last = whole.substr(whole.find_last_of('\n') + 1);
    return trimmed(last) == mark_text(key);
}

std::string ticket_title(const access::card& shown, std::size_t bytes) {
    return shortened(card_title(shown), bytes, cut_mark);
}

} // namespace hallpass::services
