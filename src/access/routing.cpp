#include "access/routing.hpp"

#include <algorithm>

namespace hallpass::access {

namespace {

void add_once(std::vector<std::string>& to, const std::string& recipient) {
    if (std::find(to.begin(), to.end(), recipient) == to.end()) {
        to.push_back(recipient);
    }
}

bool is_atom(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
}

bool is_dot_atom(std::string_view text) noexcept {
    return !text.empty() && text.front() != '.' && text.back() != '.' &&
           text.find("..") == std::string_view::npos && std::all_of(text.begin(), text.end(), is_atom);
}

const std::vector<std::string>* recipients_of(const routing_table& table, const std::string& role) {
    auto found = table.role_to_recipients.find(role);
    if (found == table.role_to_recipients.end() || found->second.empty()) {
        found = table.role_to_recipients.find("*");
    }
    return found == table.role_to_recipients.end() ? nullptr : &found->second;
}

} // namespace

bool looks_like_email(std::string_view text) noexcept {
    const std::size_t at = text.rfind('@');
    return at != std::string_view::npos && text.size() <= 320 && is_dot_atom(text.substr(0, at)) &&
           is_dot_atom(text.substr(at + 1));
}

routed route(const access_request& request, const routing_table& table) {
    routed all;
    for (const std::string& role : request.roles) {
        if (const auto* recipients = recipients_of(table, role)) {
            for (const std::string& recipient : *recipients) {
                add_once(all.recipients, recipient);
            }
        }
    }
    for (const std::string& reviewer : request.suggested_reviewers) {
        add_once(looks_like_email(reviewer) ? all.recipients : all.ignored_reviewers, reviewer);
    }
    return all;
}

} // namespace hallpass::access
