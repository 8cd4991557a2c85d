#include "services/email/mailbox.hpp"

#include "base/text.hpp"
#include "services/display_text.hpp"

#include <algorithm>

namespace hallpass::services::email {

namespace {

constexpr std::size_t local_bytes = 64;
constexpr std::size_t domain_bytes = 253;
constexpr std::size_t label_bytes = 63;

bool is_letter_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_ascii(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x80;
}

// Of UTF-8 any byte: the whole is looked at where it is valid.
bool is_atom_text(char c) noexcept {
    return !is_ascii(c) || is_letter_or_digit(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

// Not empty, with single dots inside.
bool has_sound_dots(std::string_view text) noexcept {
    return !text.empty() && text.front() != '.' && text.back() != '.' &&
           text.find("..") == std::string_view::npos;
}

bool is_local_part(std::string_view text) {
    return text.size() <= local_bytes && has_sound_dots(text) && display_line(text, local_bytes) == text &&
           std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || is_atom_text(c); });
}

bool is_domain(std::string_view text) noexcept {
    if (text.size() > domain_bytes || !has_sound_dots(text)) {
        return false;
    }
    while (!text.empty()) {
        const std::string_view label = text.substr(0, text.find('.'));
        const bool sound =
            label.size() <= label_bytes && label.front() != '-' && label.back() != '-' &&
            std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
        if (!sound) {
            return false;
        }
        text.remove_prefix(std::min(text.size(), label.size() + 1));
    }
    return true;
}

std::string unquoted(std::string_view name) {
    if (name.size() < 2 || name.front() != '"' || name.back() != '"') {
        return std::string(name);
    }
    std::string out;
    for (std::size_t i = 1; i + 1 < name.size(); ++i) {
        i += name[i] == '\\' && i + 2 < name.size() ? 1U : 0U;
        out += name[i];
    }
    return out;
}

} // namespace

bool needs_utf8(std::string_view address) noexcept {
    return !std::all_of(address.begin(), address.end(), is_ascii);
}

bool is_address(std::string_view text) {
    const std::size_t at = text.rfind('@');
    return at != std::string_view::npos && is_local_part(text.substr(0, at)) &&
           is_domain(text.substr(at + 1));
}

std::optional<mailbox> parse_mailbox(std::string_view text) {
    text = trimmed(text);
    const std::size_t open = text.rfind('<');
    mailbox made;
    if (open == std::string_view::npos) {
        made.address = text;
    } else if (text.back() == '>') {
        made.name = unquoted(trimmed(text.substr(0, open)));
        made.address = trimmed(text.substr(open + 1, text.size() - open - 2));
    }
    return is_address(made.address) ? std::optional(std::move(made)) : std::nullopt;
}

std::string_view domain_of(std::string_view address) noexcept {
    return address.substr(address.rfind('@') + 1);
}

bool is_host(std::string_view text) noexcept {
    const bool is_v6 = text.find(':') != std::string_view::npos &&
                       text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
    return is_v6 || is_domain(text);
}

} // namespace hallpass::services::email
