#include "services/mattermost/markup.hpp"

#include "services/card_words.hpp"
#include "services/display_text.hpp"

namespace hallpass::services::mattermost {

namespace {

constexpr std::size_t room_for_more = 24;            // " and 123456 more"
constexpr std::string_view breaker = "\xE2\x80\x8B"; // U+200B, which display texts never hold

bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (static_cast<unsigned char>(c) & 0x80U) != 0;
}

// Words are found behind these by the server as well, which knows nothing of backslashes: @channel, #tag,
// ~channel, :smile:, https:, and what looks like the address of a mail or of a page.
bool begins_something(std::string_view text, std::size_t at) noexcept {
    switch (text[at]) {
    case '@': // inside a word it is an e-mail's
        return at == 0 || !is_word(text[at - 1]);
    case '#':
    case '~':
        return true;
    case ':':
        return at + 1 < text.size() && text[at + 1] != ' ';
    case '.':
        return at >= 3 && (text.substr(at - 3, 3) == "www" || text.substr(at - 3, 3) == "WWW");
    default:
        return false;
    }
}

bool is_live(std::string_view text, std::size_t at) noexcept {
    constexpr std::string_view always = "\\`*<>[]()!|$";
    if (text[at] == '_') { // inside a word it formats nothing
        return at == 0 || at + 1 == text.size() || !is_word(text[at - 1]) || !is_word(text[at + 1]);
    }
    return always.find(text[at]) != std::string_view::npos;
}

std::string without_backticks(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '`') {
            out += "ˋ";
        } else {
            out += c;
        }
    }
    return out;
}

} // namespace

std::string escaped(std::string_view display) {
    std::string out;
    for (std::size_t i = 0; i < display.size(); ++i) {
        if (is_live(display, i)) {
            out += '\\';
        }
        out += display[i];
        if (begins_something(display, i)) {
            out += breaker;
        }
    }
    return out;
}

std::string in_code(std::string_view display) {
    return display.empty() ? "(empty)" : '`' + without_backticks(display) + '`';
}

std::string fenced(std::string_view display) {
    return "```\n" + without_backticks(display) + "\n```";
}

std::string code_list(const std::vector<std::string>& names, std::size_t bytes_each, std::size_t bytes) {
    std::string out;
    std::size_t shown = 0;
    for (; shown < names.size(); ++shown) {
        const std::string next = (shown == 0 ? "" : ", ") + in_code(display_line(names[shown], bytes_each));
        if (out.size() + next.size() + room_for_more > bytes) {
            break;
        }
        out += next;
    }
    if (shown == names.size()) {
        return out;
    }
    return shown == 0 ? std::to_string(names.size()) : out + and_more(names.size() - shown);
}

std::string shown_time(instant at) {
    // "2026-11-24T11:50:02Z"
    const std::string written = to_rfc3339(at);
    return written.substr(0, 10) + ' ' + written.substr(11, 5) + " UTC";
}

} // namespace hallpass::services::mattermost
