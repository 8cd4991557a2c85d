#include "services/msteams/card.hpp"

#include "base/text.hpp"
#include "services/card_words.hpp"
#include "services/display_text.hpp"
#include "services/msteams/amounts.hpp"
#include "services/msteams/runs.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::services::msteams {

namespace json = boost::json;
using access::audience;
using access::request_state;

namespace {

constexpr std::size_t name_bytes = 150;
constexpr std::size_t link_bytes = 1000;
constexpr std::size_t command_bytes = 200;
constexpr std::size_t small_reason_bytes = 500;
constexpr std::size_t text_bytes = 1000;
constexpr std::size_t reason_lines = 12;

// Upstream's (upstream-messaging 6.5), and one of its own for promoted.
std::string_view colour_of(request_state state) noexcept {
    switch (state) {
    case request_state::approved:
    case request_state::promoted:
        return "Good";
    case request_state::denied:
        return "Attention";
    case request_state::pending:
    case request_state::expired:
    case request_state::none:
        break;
    }
    return "Accent";
}

void add_fact(json::array& to, std::string_view label, std::string_view value) {
    if (!value.empty()) {
        paragraph line;
        line.bold(std::string(label) + ": ").text(value);
        to.push_back(std::move(line).as_element("small"));
    }
}

void add_time(json::array& to, std::string_view label, const std::optional<instant>& at) {
    add_fact(to, label, at ? shown_time(*at) : std::string());
}

// One element for each line: a line break within a text run is not shown everywhere.
void add_quoted(json::array& to, std::string_view label, std::string_view text, std::size_t bytes) {
    const std::string words = display_lines(text, bytes, reason_lines);
    if (words.empty()) {
        return;
    }
    json::array lines;
    paragraph heading;
    lines.push_back(std::move(heading.bold(label)).as_element("none"));
    for (const std::string& line : split(words, '\n')) {
        paragraph one;
        one.text(line.empty() ? " " : line);
        lines.push_back(std::move(one).as_element("none"));
    }
    to.push_back(json::object{
        {"type", "Container"}, {"style", "emphasis"}, {"spacing", "small"}, {"items", std::move(lines)}});
}

void add_roles(json::array& to, const access::card& shown, const amounts& room) {
    if (shown.logins_by_role.empty()) {
        add_fact(
            to, shown.roles.size() == 1 ? "Role" : "Roles", name_list(shown.roles, room.roles, room.name)
        );
        return;
    }
    const std::size_t count = std::min(shown.roles.size(), room.roles);
    for (std::size_t i = 0; i < count; ++i) {
        const auto logins = shown.logins_by_role.find(shown.roles[i]);
        const bool any = logins != shown.logins_by_role.end() && !logins->second.empty();
        add_fact(
            to, "Role",
            display_line(shown.roles[i], room.name) + ", logins " +
                (any ? name_list(logins->second, room.logins, room.name) : std::string("-"))
        );
    }
    if (count < shown.roles.size()) {
        add_fact(to, "Roles", "…" + and_more(shown.roles.size() - count));
    }
}

void add_facts(json::array& to, const access::card& shown, const amounts& room) {
    const std::string user = display_line(shown.user, room.name);
    add_fact(to, "User", user.empty() ? "(empty)" : user);
    add_fact(to, "Cluster", display_line(shown.cluster_name, room.name));
    add_roles(to, shown, room);
    add_fact(
        to, shown.resources.size() == 1 ? "Resource" : "Resources",
        name_list(shown.resources, room.resources, room.name)
    );
    if (shown.state == request_state::promoted) {
        add_fact(to, "Access list", display_line(shown.promoted_access_list, room.name));
    }
    add_time(to, "Access from", shown.assume_start);
    add_time(to, "Access until", shown.access_expires);
    if (shown.max_duration != shown.access_expires) {
        add_time(to, "At most until", shown.max_duration);
    }
    if (shown.state == request_state::pending) {
        add_time(to, "Request expires", shown.request_expires);
    }
}

void add_reviews(json::array& to, const access::card& shown, const amounts& room) {
    if (shown.reviews.empty()) {
        return;
    }
    const std::size_t count = std::min(shown.reviews.size(), room.reviews);
    const std::size_t left_out = shown.reviews.size() - count;
    paragraph heading;
    heading.bold("Reviews");
    if (left_out > 0) {
        heading.text(", the newest " + std::to_string(count) + " of " + std::to_string(shown.reviews.size()));
    }
    json::object element = std::move(heading).as_element("medium");
    element["separator"] = true;
    to.push_back(std::move(element));
    for (std::size_t i = left_out; i < shown.reviews.size(); ++i) {
        const access::review& one = shown.reviews[i];
        const std::string author = display_line(one.author, room.name);
        paragraph line;
        line.text(status_words(one.proposed) + " by ").bold(author.empty() ? "(empty)" : author);
        if (one.created) {
            line.text(", " + shown_time(*one.created));
        }
        const std::string reason = display_line(one.reason, room.review_reason);
        line.text(reason.empty() ? "" : ": " + reason);
        to.push_back(std::move(line).as_element("small"));
    }
}

json::object
execute(std::string_view title, std::string_view verb, std::string_view style, const json::object& data) {
    json::object made{{"type", "Action.Execute"}, {"title", title}, {"verb", verb}, {"data", data}};
    if (!style.empty()) {
        made["style"] = style;
    }
    return made;
}

json::object data_of(const access::card& shown, const decision_form& form) {
    return json::object{{data_member, json::object{{"request", shown.request_id}, {"proof", form.proof}}}};
}

void add_form(json::array& to, const access::card& shown, const decision_form& form) {
    json::object reason{
        {"type", "Input.Text"},
        {"id", reason_input},
        {"label", "Reason"},
        {"isMultiline", true},
        {"maxLength", reason_characters},
        {"placeholder", form.reason_always       ? "Say why"
                        : form.reason_for_denial ? "Say why; needed to deny"
                                                 : "Say why, if you like"}};
    if (form.reason_always) {
        reason["isRequired"] = true;
        reason["errorMessage"] = "Please give a reason.";
    }
    to.push_back(std::move(reason));
    if (form.confirm) {
        to.push_back(json::object{
            {"type", "Input.Toggle"},
            {"id", confirm_input},
            {"title", "I have checked this request, and want to approve it"},
            {"value", "false"},
            {"valueOn", "true"},
            {"valueOff", "false"}});
    }
    const json::object data = data_of(shown, form);
    json::array both;
    both.push_back(execute("Approve", approve_verb, "positive", data));
    both.push_back(execute("Deny", deny_verb, "destructive", data));
    to.push_back(json::object{{"type", "ActionSet"}, {"actions", std::move(both)}});
}

bool is_good_link(const std::string& link) noexcept {
    return link.starts_with("https://") && link.size() <= link_bytes &&
           link.find_first_of(" \t\r\n\"<>") == std::string::npos;
}

void add_link_or_commands(json::array& to, const access::card& shown) {
    const bool decides = shown.reader == audience::approver && shown.state == request_state::pending;
    if (is_good_link(shown.link)) {
        json::object opens{
            {"type", "Action.OpenUrl"},
            {"title", decides ? "Review in Teleport" : "Open in Teleport"},
            {"url", shown.link}};
        to.push_back(json::object{{"type", "ActionSet"}, {"actions", json::array{std::move(opens)}}});
    } else if (decides && !shown.approve_command.empty()) {
        paragraph approve;
        approve.bold("Approve: ").code(display_line(shown.approve_command, command_bytes));
        to.push_back(std::move(approve).as_element("small"));
        paragraph deny;
        deny.bold("Deny: ").code(display_line(shown.deny_command, command_bytes));
        to.push_back(std::move(deny).as_element("small"));
    }
}

json::object card_of(json::array body) {
    return json::object{
        {"type", "AdaptiveCard"},
        {"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
        {"version", "1.5"},
        {"msteams", json::object{{"width", "Full"}}},
        {"body", std::move(body)}};
}

json::object card_within(const access::card& shown, const decision_form* form, const amounts& room) {
    json::array body;
    paragraph status;
    status.status(status_words(shown.state), colour_of(shown.state)).text(votes(shown));
    body.push_back(std::move(status).as_element());
    paragraph title;
    title.bold(card_title(shown));
    body.push_back(std::move(title).as_element("small"));
    add_facts(body, shown, room);
    if (is_resolved(shown.state)) {
        add_quoted(body, "Resolution reason", shown.resolve_reason, room.reason);
    }
    add_quoted(body, "Reason", shown.request_reason, room.reason);
    add_reviews(body, shown, room);
    const bool decidable = form != nullptr && is_decidable(shown);
    if (decidable) {
        add_form(body, shown, *form);
    }
    add_link_or_commands(body, shown);
    json::object made = card_of(std::move(body));
    if (decidable) {
        json::object refresh = execute("Refresh", refresh_verb, "", data_of(shown, *form));
        refresh["associatedInputs"] = "none";
        made["refresh"] = json::object{{"action", std::move(refresh)}};
    }
    return made;
}

} // namespace

json::object adaptive_card(const access::card& shown, const decision_form* form) {
    json::object made;
    for (const amounts& room : amounts_to_try) {
        made = card_within(shown, form, room);
        if (json::serialize(made).size() <= card_bytes) {
            break;
        }
    }
    return made;
}

json::object review_card(const access::card& shown, std::size_t index) {
    const access::review& one = shown.reviews.at(index);
    const std::string author = display_line(one.author, name_bytes);
    json::array body;
    paragraph line;
    line.bold(author.empty() ? "(empty)" : author).text(" reviewed the request: ");
    line.bold(status_words(one.proposed));
    if (one.created) {
        line.text(", " + shown_time(*one.created));
    }
    body.push_back(std::move(line).as_element());
    add_quoted(body, "Reason", one.reason, small_reason_bytes);
    return card_of(std::move(body));
}

json::object outcome_card(const access::card& shown) {
    json::array body;
    paragraph line;
    line.text("Your request is ").bold(status_words(shown.state));
    if (shown.state == request_state::promoted && !shown.promoted_access_list.empty()) {
        line.text(" to access list ").bold(display_line(shown.promoted_access_list, name_bytes));
    }
    body.push_back(std::move(line).as_element());
    add_quoted(body, "Resolution reason", shown.resolve_reason, small_reason_bytes);
    return card_of(std::move(body));
}

json::object text_card(std::string_view text) {
    json::array body;
    paragraph line;
    line.text(display_line(text, text_bytes));
    body.push_back(std::move(line).as_element());
    return card_of(std::move(body));
}

} // namespace hallpass::services::msteams
