#include "services/discord/markup.hpp"

#include "services/card_words.hpp"
#include "services/display_text.hpp"

#include <algorithm>

namespace hallpass::services::discord {

namespace {

constexpr std::size_t room_for_more = 24; // " and 123456 more"

bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool inside_word(std::string_view text, std::size_t at) noexcept {
    return at > 0 && at + 1 < text.size() && is_word(text[at - 1]) && is_word(text[at + 1]);
}

// "https:/", "discord.gg": what a slash would make a link of.
bool is_link_so_far(std::string_view text) noexcept {
    const std::string_view word = text.substr(text.find_last_of(' ') + 1);
    return word.ends_with(':') || word.ends_with('/') || word.find('.') != std::string_view::npos;
}

bool is_live(std::string_view text, std::size_t at) noexcept {
    constexpr std::string_view always = "\\`*~|<>[]#";
    switch (text[at]) {
    case '_': // inside a word it formats nothing
        return !inside_word(text, at);
    case ':': // emoji and links
        return at + 1 < text.size() && text[at + 1] != ' ';
    case '/':
        return is_link_so_far(text.substr(0, at));
    default:
        return always.find(text[at]) != std::string_view::npos;
    }
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
    constexpr std::string_view breaker = "\xE2\x80\x8B"; // U+200B, which display texts never hold
    std::string out;
    for (std::size_t i = 0; i < display.size(); ++i) {
        if (is_live(display, i)) {
            out += '\\';
        }
        out += display[i];
        const std::string_view rest = display.substr(i + 1);
        if (display[i] == '@' && (rest.starts_with("everyone") || rest.starts_with("here"))) {
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

std::string code_list(
    const std::vector<std::string>& names, std::size_t at_most, std::size_t bytes_each, std::size_t bytes
) {
    std::string out;
    std::size_t shown = 0;
    for (; shown < std::min(names.size(), at_most); ++shown) {
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
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
    return "<t:" + std::to_string(seconds) + ":f>";
}

} // namespace hallpass::services::discord
