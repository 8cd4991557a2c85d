#include "services/email/words.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "services/amounts.hpp"
#include "services/card_words.hpp"
#include "services/display_text.hpp"

#include <algorithm>

namespace hallpass::services::email {

using access::audience;
using access::request_state;

namespace {

// Mail takes nearly anything; this is what somebody reads.
constexpr amounts room{4000, 1000, 150, 30, 10, 30, 15};
constexpr std::size_t reason_lines = 60;
constexpr std::size_t link_bytes = 1000;
constexpr std::size_t command_bytes = 300;
constexpr std::size_t id_bytes = 100;
constexpr std::size_t cluster_bytes = 60;

std::string named(std::string_view text) {
    std::string line = display_line(text, room.name);
    return line.empty() ? "(empty)" : line;
}

// "2026-03-01 03:01 UTC"
std::string shown_time(instant at) {
    std::string text = to_rfc3339(at);
    text = text.substr(0, 16) + " UTC";
    return text.replace(10, 1, " ");
}

std::string list(const std::vector<std::string>& all, std::size_t most, std::string_view separator) {
    std::string out;
    const std::size_t count = std::min(all.size(), most);
    for (std::size_t i = 0; i < count; ++i) {
        out.append(i == 0 ? "" : separator).append(named(all[i]));
    }
    return all.size() > count ? out + and_more(all.size() - count) : out;
}

std::string roles_with_logins(const access::card& shown) {
    std::string out;
    const std::size_t count = std::min(shown.roles.size(), room.roles);
    for (std::size_t i = 0; i < count; ++i) {
        const auto logins = shown.logins_by_role.find(shown.roles[i]);
        const bool any = logins != shown.logins_by_role.end() && !logins->second.empty();
        out.append(i == 0 ? "" : "\n").append(named(shown.roles[i])).append(" (logins: ");
        out.append(any ? list(logins->second, room.logins, ", ") : "-").append(")");
    }
    return shown.roles.size() > count ? out + '\n' + and_more(shown.roles.size() - count).substr(1) : out;
}

void add(std::vector<labelled>& to, std::string label, std::string text) {
    if (!text.empty()) {
        to.push_back({std::move(label), std::move(text)});
    }
}

void add_time(std::vector<labelled>& to, std::string label, const std::optional<instant>& at) {
    if (at) {
        to.push_back({std::move(label), shown_time(*at)});
    }
}

std::vector<labelled> fields_of(const access::card& shown) {
    std::vector<labelled> made;
    add(made, "User", named(shown.user));
    add(made, "Cluster", display_line(shown.cluster_name, room.name));
    add(made, shown.roles.size() == 1 ? "Role" : "Roles",
        shown.logins_by_role.empty() ? list(shown.roles, room.roles, "\n") : roles_with_logins(shown));
    add(made, shown.resources.size() == 1 ? "Resource" : "Resources",
        list(shown.resources, room.resources, "\n"));
    add_time(made, "Access from", shown.assume_start);
    add_time(made, "Access until", shown.access_expires);
    if (shown.max_duration != shown.access_expires) {
        add_time(made, "At most until", shown.max_duration);
    }
    if (shown.state == request_state::pending) {
        add_time(made, "Request expires", shown.request_expires);
    }
    return made;
}

told_review told(const access::review& one) {
    return {
        named(one.author), status_words(one.proposed), one.created ? shown_time(*one.created) : "",
        display_lines(one.reason, room.review_reason, reason_lines)};
}

bool is_plain(std::string_view link) noexcept {
    return (link.starts_with("https://") || link.starts_with("http://")) &&
           link.find_first_of("<>\"'`\\ \t\r\n") == std::string_view::npos && link.size() <= link_bytes;
}

void add_way_in(letter_words& to, const access::card& shown) {
    const bool decides = shown.reader == audience::approver && shown.state == request_state::pending;
    if (is_plain(shown.link)) {
        to.link = shown.link;
        to.link_label = decides ? "Review in Teleport" : "Open in Teleport";
    } else if (decides) {
        to.approve_command = display_line(shown.approve_command, command_bytes);
        to.deny_command = display_line(shown.deny_command, command_bytes);
    }
}

std::string status_of(const access::card& shown) {
    const std::string list_name = display_line(shown.promoted_access_list, room.name);
    const bool promoted = shown.state == request_state::promoted && !list_name.empty();
    return status_words(shown.state) + (promoted ? " to access list " + list_name : "") + votes(shown);
}

// The same for every letter about a request, because clients gather by it what belongs together.
letter_words about(const access::card& shown) {
    letter_words made;
    const std::string cluster = display_line(shown.cluster_name, cluster_bytes);
    made.subject = (cluster.empty() ? "" : "[" + cluster + "] ") + card_title(shown);
    made.status = status_of(shown);
    made.tone = shown.state;
    made.request_id = display_line(shown.request_id, id_bytes);
    add_way_in(made, shown);
    return made;
}

void add_resolve_reason(letter_words& to, const access::card& shown) {
    if (is_resolved(shown.state)) {
        add(to.quotes, "Resolution reason", display_lines(shown.resolve_reason, room.reason, reason_lines));
    }
}

void add_reviews(letter_words& to, const access::card& shown) {
    const std::size_t count = std::min(shown.reviews.size(), room.reviews);
    for (std::size_t i = shown.reviews.size() - count; i < shown.reviews.size(); ++i) {
        to.reviews.push_back(told(shown.reviews[i]));
    }
    if (shown.reviews.size() > count) {
        to.more_reviews =
            "the newest " + std::to_string(count) + " of " + std::to_string(shown.reviews.size());
    }
}

} // namespace

letter_words card_words(const access::card& shown) {
    letter_words made = about(shown);
    made.headline = card_title(shown);
    add_resolve_reason(made, shown);
    add(made.quotes, "Reason", display_lines(shown.request_reason, room.reason, reason_lines));
    made.fields = fields_of(shown);
    add_reviews(made, shown);
    return made;
}

letter_words review_words(const access::card& shown, std::size_t index) {
    const access::review& one = shown.reviews.at(index);
    letter_words made = about(shown);
    made.headline = named(one.author) + " reviewed the request";
    made.reviews.push_back(told(one));
    add(made.fields, "Request", card_title(shown));
    return made;
}

letter_words outcome_words(const access::card& shown) {
    letter_words made = about(shown);
    made.headline = (shown.reader == audience::requester ? "Your request is " : "The request is ") +
                    std::string(to_string(shown.state));
    add_resolve_reason(made, shown);
    add(made.fields, "Request", card_title(shown));
    add_reviews(made, shown);
    return made;
}

} // namespace hallpass::services::email
