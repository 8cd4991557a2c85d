#include "services/mattermost/form.hpp"

#include "services/display_text.hpp"
#include "services/mattermost/interaction.hpp"
#include "services/mattermost/markup.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace hallpass::services::mattermost {

namespace json = boost::json;
using access::verdict;

namespace {

constexpr std::size_t name_bytes = 150;
constexpr std::size_t names_bytes = 1000;
constexpr std::size_t asked_reason_bytes = 1500;

void add_fact(std::string& to, std::string_view label, const std::string& value) {
    if (!value.empty()) {
        to.append(to.empty() ? "" : "\n").append("**").append(label).append("**: ").append(value);
    }
}

std::string facts_of(const access::card& shown) {
    std::string lines;
    if (!shown.user.empty()) {
        add_fact(lines, "User", in_code(display_line(shown.user, name_bytes)));
    }
    add_fact(
        lines, shown.roles.size() == 1 ? "Role" : "Roles", code_list(shown.roles, name_bytes, names_bytes)
    );
    add_fact(
        lines, shown.resources.size() == 1 ? "Resource" : "Resources",
        code_list(shown.resources, name_bytes, names_bytes)
    );
    add_fact(lines, "Request ID", in_code(display_line(shown.request_id, name_bytes)));
    const std::string reason = display_lines(shown.request_reason, asked_reason_bytes);
    if (!reason.empty()) {
        lines += "\n**Reason of the request**\n" + fenced(reason);
    }
    return lines;
}

json::object reason_element(bool required) {
    return json::object{
        {"display_name", "Reason"},
        {"name", reason_field},
        {"type", "textarea"},
        {"max_length", reason_characters},
        {"optional", !required}};
}

json::object confirm_element() {
    return json::object{
        {"display_name", "This role is sensitive"},
        {"name", confirm_field},
        {"type", "bool"},
        {"placeholder", "Yes, I have checked this request"},
        {"optional", true}};
}

} // namespace

json::object dialog_for(const access::card& shown, const form_look& look, std::string state) {
    const bool approves = look.what == verdict::approve;
    json::array elements{reason_element(look.needs_reason)};
    if (look.confirm) {
        elements.push_back(confirm_element());
    }
    return json::object{
        {"callback_id", "hallpass_review"},
        {"title", approves ? "Approve request" : "Deny request"},
        {"introduction_text", facts_of(shown)},
        {"elements", std::move(elements)},
        {"submit_label", approves ? "Approve" : "Deny"},
        {"notify_on_cancel", false},
        {"state", std::move(state)}};
}

} // namespace hallpass::services::mattermost
