#include "services/slack/card_blocks.hpp"

#include "services/card_words.hpp"
#include "services/display_text.hpp"
#include "services/slack/review_ids.hpp"
#include "services/slack/rich_text.hpp"

#include <algorithm>
#include <vector>

namespace hallpass::services::slack {

namespace json = boost::json;
using access::audience;
using access::request_state;

namespace {

constexpr std::size_t link_bytes = 3000;

// The names in code, at most `at_most` of them.
void add_names(paragraph& to, const std::vector<std::string>& names, std::size_t at_most, std::size_t bytes) {
    const std::size_t shown = std::min(names.size(), at_most);
    for (std::size_t i = 0; i < shown; ++i) {
        to.text(i == 0 ? "" : ", ");
        const std::string name = display_line(names[i], bytes);
        to.code(name.empty() ? "(empty)" : name);
    }
    if (shown < names.size()) {
        to.text(and_more(names.size() - shown));
    }
}

void begin_line(paragraph& to, std::string_view label) {
    if (!to.empty()) {
        to.line_break();
    }
    to.bold(label);
    to.text(" ");
}

void add_time(paragraph& to, std::string_view label, const std::optional<instant>& at) {
    if (at) {
        begin_line(to, label);
        to.time(*at);
    }
}

void add_roles(paragraph& to, const access::card& shown, const amounts& room) {
    if (shown.roles.empty()) {
        return;
    }
    if (shown.logins_by_role.empty()) {
        begin_line(to, shown.roles.size() == 1 ? "Role" : "Roles");
        add_names(to, shown.roles, room.roles, room.name);
        return;
    }
    const std::size_t count = std::min(shown.roles.size(), room.roles);
    for (std::size_t i = 0; i < count; ++i) {
        begin_line(to, "Role");
        add_names(to, {shown.roles[i]}, 1, room.name);
        to.text(" ").bold("logins").text(" ");
        const auto logins = shown.logins_by_role.find(shown.roles[i]);
        if (logins == shown.logins_by_role.end() || logins->second.empty()) {
            to.text("-");
        } else {
            add_names(to, logins->second, room.logins, room.name);
        }
    }
    if (count < shown.roles.size()) {
        to.line_break().text(and_more(shown.roles.size() - count).substr(1) + " roles");
    }
}

json::object facts(const access::card& shown, const amounts& room) {
    paragraph lines;
    begin_line(lines, "User");
    const std::string user = display_line(shown.user, room.name);
    lines.text(user.empty() ? "(empty)" : user);
    add_roles(lines, shown, room);
    if (!shown.resources.empty()) {
        begin_line(lines, shown.resources.size() == 1 ? "Resource" : "Resources");
        add_names(lines, shown.resources, room.resources, room.name);
    }
    add_time(lines, "Access from", shown.assume_start);
    add_time(lines, "Access until", shown.access_expires);
    if (shown.max_duration != shown.access_expires) {
        add_time(lines, "At most until", shown.max_duration);
    }
    if (shown.state == request_state::pending) {
        add_time(lines, "Request expires", shown.request_expires);
    }
    if (!shown.cluster_name.empty()) {
        begin_line(lines, "Cluster");
        lines.text(display_line(shown.cluster_name, room.name));
    }
    begin_line(lines, "ID");
    lines.code(shown.request_id);
    return std::move(lines).as_section();
}

void add_link_or_commands(paragraph& to, const access::card& shown) {
    const bool decides = shown.reader == audience::approver && shown.state == request_state::pending;
    if (!shown.link.empty() && shown.link.size() <= link_bytes) {
        to.line_break().link(shown.link, decides ? "Review in Teleport" : "Open in Teleport");
    } else if (decides && !shown.approve_command.empty()) {
        begin_line(to, "Approve");
        to.code(shown.approve_command);
        begin_line(to, "Deny");
        to.code(shown.deny_command);
    }
}

void add_quoted(json::array& to, std::string_view label, std::string_view text, std::size_t bytes) {
    const std::string words = display_lines(text, bytes);
    if (words.empty()) {
        return;
    }
    to.push_back(std::move(paragraph().bold(label)).as_section());
    to.push_back(std::move(paragraph().text(words)).as_quote());
}

json::object status(const access::card& shown, const amounts& room) {
    paragraph lines;
    lines.bold(status_words(shown.state)).text(votes(shown));
    if (shown.state == request_state::promoted && !shown.promoted_access_list.empty()) {
        lines.text(" to access list ").bold(display_line(shown.promoted_access_list, room.name));
    }
    add_link_or_commands(lines, shown);
    json::array elements{std::move(lines).as_section()};
    if (is_resolved(shown.state)) {
        add_quoted(elements, "Resolution reason", shown.resolve_reason, room.reason);
    }
    return rich_text_block(std::move(elements));
}

json::object details(const access::card& shown, const amounts& room) {
    json::array elements;
    add_quoted(elements, "Reason", shown.request_reason, room.reason);
    elements.push_back(facts(shown, room));
    return rich_text_block(std::move(elements));
}

json::object reviews(const access::card& shown, const amounts& room) {
    const std::size_t count = std::min(shown.reviews.size(), room.reviews);
    const std::size_t left_out = shown.reviews.size() - count;
    paragraph heading;
    heading.bold("Reviews");
    if (left_out > 0) {
        heading.text(", the newest " + std::to_string(count) + " of " + std::to_string(shown.reviews.size()));
    }
    json::array items;
    for (std::size_t i = left_out; i < shown.reviews.size(); ++i) {
        const access::review& one = shown.reviews[i];
        paragraph item;
        item.text(status_words(one.proposed) + " by ").bold(display_line(one.author, room.name));
        if (one.created) {
            item.text(", ").time(*one.created);
        }
        const std::string reason = display_line(one.reason, room.review_reason);
        if (!reason.empty()) {
            item.text(": " + reason);
        }
        items.push_back(std::move(item).as_section());
    }
    json::array elements{std::move(heading).as_section(), bullet_list(std::move(items))};
    return rich_text_block(std::move(elements));
}

json::object button(
    std::string_view action, std::string_view label, std::string_view style, const std::string& request_id
) {
    return json::object{
        {"type", "button"}, {"action_id", action}, {"text", plain_text(label)},
        {"style", style},   {"value", request_id},
    };
}

} // namespace

bool is_decidable(const access::card& shown) noexcept {
    return shown.reader == audience::approver && shown.state == request_state::pending && !shown.long_term &&
           !shown.request_id.empty() && shown.request_id.size() <= decidable_id_bytes;
}

json::object decision_buttons(const access::card& shown) {
    json::array both;
    both.push_back(button(approve_action, "Approve", "primary", shown.request_id));
    both.push_back(button(deny_action, "Deny", "danger", shown.request_id));
    return json::object{
        {"type", "actions"},
        {"block_id", buttons_block(shown.request_id)},
        {"elements", std::move(both)},
    };
}

json::array card_blocks(const access::card& shown, const amounts& room) {
    json::array blocks;
    blocks.push_back(json::object{
        {"type", "header"},
        {"text", plain_text(card_title(shown))},
    });
    blocks.push_back(status(shown, room));
    blocks.push_back(details(shown, room));
    if (!shown.reviews.empty()) {
        blocks.push_back(reviews(shown, room));
    }
    return blocks;
}

} // namespace hallpass::services::slack
