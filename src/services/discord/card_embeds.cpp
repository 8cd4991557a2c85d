#include "services/discord/card_embeds.hpp"

#include "services/card_words.hpp"
#include "services/discord/amounts.hpp"
#include "services/discord/markup.hpp"
#include "services/display_text.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace hallpass::services::discord {

namespace json = boost::json;
using access::request_state;

namespace {

constexpr std::size_t logins_bytes = 500;

// Green and red are upstream's.
int colour_of(request_state state) noexcept {
    switch (state) {
    case request_state::approved:
    case request_state::promoted:
        return 0x238823;
    case request_state::denied:
        return 0xD2222D;
    case request_state::pending:
        return 0xE2A03F;
    case request_state::expired:
    case request_state::none:
        break;
    }
    return 0x80848E;
}

void add_field(json::array& to, std::string_view name, std::string_view value, bool beside = false) {
    if (!value.empty()) {
        to.push_back(json::object{{"name", name}, {"value", value}, {"inline", beside}});
    }
}

void add_time(json::array& to, std::string_view name, const std::optional<instant>& at) {
    if (at) {
        add_field(to, name, shown_time(*at), true);
    }
}

// One line for each role with its logins.
std::string roles_with_logins(const access::card& shown, const amounts& room) {
    const std::string end = "\nand " + std::to_string(shown.roles.size()) + " more";
    std::string out;
    std::size_t count = 0;
    for (; count < std::min(shown.roles.size(), room.roles); ++count) {
        const std::string& role = shown.roles[count];
        const auto logins = shown.logins_by_role.find(role);
        const bool any = logins != shown.logins_by_role.end() && !logins->second.empty();
        const std::string line =
            (count == 0 ? "" : "\n") + in_code(display_line(role, room.name)) + " logins " +
            (any ? code_list(logins->second, room.logins, room.name, logins_bytes) : std::string("-"));
        if (out.size() + line.size() + end.size() > field_bytes) {
            break;
        }
        out += line;
    }
    const std::size_t left = shown.roles.size() - count;
    return left == 0 ? out : out + "\nand " + std::to_string(left) + " more";
}

json::array fields(const access::card& shown, const amounts& room) {
    json::array made;
    const std::string user = escaped(display_line(shown.user, room.name));
    add_field(made, "User", user.empty() ? "(empty)" : user, true);
    if (!shown.cluster_name.empty()) {
        add_field(made, "Cluster", escaped(display_line(shown.cluster_name, room.name)), true);
    }
    add_field(
        made, shown.roles.size() == 1 ? "Role" : "Roles",
        shown.logins_by_role.empty() ? code_list(shown.roles, room.roles, room.name, field_bytes)
                                     : roles_with_logins(shown, room)
    );
    add_field(
        made, shown.resources.size() == 1 ? "Resource" : "Resources",
        code_list(shown.resources, room.resources, room.name, field_bytes)
    );
    add_time(made, "Access from", shown.assume_start);
    add_time(made, "Access until", shown.access_expires);
    if (shown.max_duration != shown.access_expires) {
        add_time(made, "At most until", shown.max_duration);
    }
    if (shown.state == request_state::pending) {
        add_time(made, "Request expires", shown.request_expires);
    }
    if (shown.reviews.size() > room.reviews) {
        add_field(
            made, "Reviews",
            "the newest " + std::to_string(room.reviews) + " of " + std::to_string(shown.reviews.size())
        );
    }
    return made;
}

void add_quoted(std::string& to, std::string_view label, std::string_view text, std::size_t bytes) {
    const std::string words = display_lines(text, bytes);
    if (!words.empty()) {
        to.append(to.empty() ? "" : "\n").append("**").append(label).append("**\n").append(fenced(words));
    }
}

json::object request_embed(const access::card& shown, const amounts& room) {
    std::string description;
    if (is_resolved(shown.state)) {
        add_quoted(description, "Resolution reason", shown.resolve_reason, room.reason);
    }
    add_quoted(description, "Reason", shown.request_reason, room.reason);
    json::object made{{"color", colour_of(shown.state)}};
    if (!description.empty()) {
        made["description"] = description;
    }
    made["fields"] = fields(shown, room);
    return made;
}

json::object review_embed(const access::review& one, const amounts& room) {
    const std::string author = display_line(one.author, room.name);
    json::object made{
        {"color", colour_of(one.proposed)},
        {"author", json::object{{"name", author.empty() ? "(empty)" : author}}},
        {"title", status_words(one.proposed)}};
    const std::string reason = display_lines(one.reason, room.review_reason);
    if (!reason.empty()) {
        made["description"] = fenced(reason);
    }
    if (one.created) {
        made["timestamp"] = to_rfc3339(*one.created);
    }
    return made;
}

json::array embeds_within(const access::card& shown, const amounts& room) {
    json::array made{request_embed(shown, room)};
    const std::size_t count = std::min(shown.reviews.size(), room.reviews);
    for (std::size_t i = shown.reviews.size() - count; i < shown.reviews.size(); ++i) {
        made.push_back(review_embed(shown.reviews[i], room));
    }
    return made;
}

std::size_t bytes_of(const json::object& in, std::string_view name) {
    const json::value* found = in.if_contains(name);
    return found ? found->as_string().size() : 0;
}

bool fits(const json::array& embeds) {
    std::size_t all = 0;
    for (const json::value& embed : embeds) {
        const json::object& one = embed.as_object();
        const std::size_t description = bytes_of(one, "description");
        if (description > description_bytes) {
            return false;
        }
        all += description + bytes_of(one, "title");
        if (const json::value* author = one.if_contains("author")) {
            all += bytes_of(author->as_object(), "name");
        }
        if (const json::value* list = one.if_contains("fields")) {
            for (const json::value& field : list->as_array()) {
                all += bytes_of(field.as_object(), "name") + bytes_of(field.as_object(), "value");
            }
        }
    }
    return all <= embeds_bytes;
}

} // namespace

json::array card_embeds(const access::card& shown) {
    json::array made;
    for (const amounts& room : amounts_to_try) {
        made = embeds_within(shown, room);
        if (fits(made)) {
            break;
        }
    }
    return made;
}

} // namespace hallpass::services::discord
