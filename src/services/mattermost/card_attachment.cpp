#include "services/mattermost/card_attachment.hpp"

#include "services/card_words.hpp"
#include "services/display_text.hpp"
#include "services/mattermost/markup.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace hallpass::services::mattermost {

namespace json = boost::json;
using access::request_state;

namespace {

constexpr std::size_t name_bytes = 200;
constexpr std::size_t list_bytes = 4000;
constexpr std::size_t logins_bytes = 500;
constexpr std::size_t reason_bytes = 4000;
constexpr std::size_t most_reviews = 25;

std::string_view colour_of(request_state state) noexcept {
    switch (state) {
    case request_state::approved:
    case request_state::promoted:
        return "#238823";
    case request_state::denied:
        return "#D2222D";
    case request_state::pending:
        return "#E2A03F";
    case request_state::expired:
    case request_state::none:
        break;
    }
    return "#80848E";
}

void add_field(json::array& to, std::string_view title, std::string_view value, bool beside = false) {
    if (!value.empty()) {
        to.push_back(json::object{{"title", title}, {"value", value}, {"short", beside}});
    }
}

void add_time(json::array& to, std::string_view title, const std::optional<instant>& at) {
    if (at) {
        add_field(to, title, shown_time(*at), true);
    }
}

// One line for each role with its logins.
std::string roles_with_logins(const access::card& shown) {
    const std::string end = "\nand " + std::to_string(shown.roles.size()) + " more";
    std::string out;
    std::size_t count = 0;
    for (; count < shown.roles.size(); ++count) {
        const std::string& role = shown.roles[count];
        const auto logins = shown.logins_by_role.find(role);
        const bool any = logins != shown.logins_by_role.end() && !logins->second.empty();
        const std::string line =
            (count == 0 ? "" : "\n") + in_code(display_line(role, name_bytes)) + " logins " +
            (any ? code_list(logins->second, name_bytes, logins_bytes) : std::string("-"));
        if (out.size() + line.size() + end.size() > list_bytes) {
            break;
        }
        out += line;
    }
    const std::size_t left = shown.roles.size() - count;
    return left == 0 ? out : out + "\nand " + std::to_string(left) + " more";
}

// The newest ones; their reasons are in the thread.
std::string reviews_of(const access::card& shown) {
    const std::size_t count = std::min(shown.reviews.size(), most_reviews);
    std::string out = count < shown.reviews.size() ? "the newest " + std::to_string(count) + " of " +
                                                         std::to_string(shown.reviews.size()) + ":"
                                                   : "";
    for (std::size_t i = shown.reviews.size() - count; i < shown.reviews.size(); ++i) {
        const access::review& one = shown.reviews[i];
        out.append(out.empty() ? "" : "\n").append(status_words(one.proposed)).append(" by ");
        out += in_code(display_line(one.author, name_bytes));
        if (one.created) {
            out += ", " + shown_time(*one.created);
        }
    }
    return out;
}

json::array fields(const access::card& shown) {
    json::array made;
    add_field(made, "User", in_code(display_line(shown.user, name_bytes)), true);
    if (!shown.cluster_name.empty()) {
        add_field(made, "Cluster", in_code(display_line(shown.cluster_name, name_bytes)), true);
    }
    add_field(
        made, shown.roles.size() == 1 ? "Role" : "Roles",
        shown.logins_by_role.empty() ? code_list(shown.roles, name_bytes, list_bytes)
                                     : roles_with_logins(shown)
    );
    add_field(
        made, shown.resources.size() == 1 ? "Resource" : "Resources",
        code_list(shown.resources, name_bytes, list_bytes)
    );
    add_time(made, "Access from", shown.assume_start);
    add_time(made, "Access until", shown.access_expires);
    if (shown.max_duration != shown.access_expires) {
        add_time(made, "At most until", shown.max_duration);
    }
    if (shown.state == request_state::pending) {
        add_time(made, "Request expires", shown.request_expires);
    }
    add_field(made, "Reviews", reviews_of(shown));
    add_field(made, "Request ID", in_code(display_line(shown.request_id, name_bytes)));
    return made;
}

void add_quoted(std::string& to, std::string_view label, std::string_view text) {
    const std::string words = display_lines(text, reason_bytes);
    if (!words.empty()) {
        to.append(to.empty() ? "" : "\n").append("**").append(label).append("**\n").append(fenced(words));
    }
}

} // namespace

json::object card_attachment(const access::card& shown) {
    std::string text;
    if (access::is_resolved(shown.state)) {
        add_quoted(text, "Resolution reason", shown.resolve_reason);
    }
    add_quoted(text, "Reason", shown.request_reason);
    json::object made{{"fallback", card_title(shown)}, {"color", colour_of(shown.state)}};
    if (!text.empty()) {
        made["text"] = text;
    }
    made["fields"] = fields(shown);
    return made;
}

} // namespace hallpass::services::mattermost
