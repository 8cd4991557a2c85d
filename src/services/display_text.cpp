#include "services/display_text.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace hallpass::services {

namespace {

struct character {
    std::uint32_t code;
    std::size_t length;
};

// The character that valid UTF-8 begins with.
character first_of(std::string_view text) noexcept {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    return {code, length};
}

// Controls, marks of direction, and what takes no room. The joiners U+200C and U+200D stay: scripts and emoji
// need them.
bool is_removed(std::uint32_t code) noexcept {
    constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 14> ranges{{
        {0x00, 0x1F},
        {0x7F, 0x9F},
        {0xAD, 0xAD},
        {0x061C, 0x061C},
        {0x115F, 0x1160},
        {0x180E, 0x180E},
        {0x200B, 0x200B},
        {0x200E, 0x200F},
        {0x202A, 0x202E},
        {0x2060, 0x206F},
        {0x3164, 0x3164},
        {0xFEFF, 0xFEFF},
        {0xFFF9, 0xFFFB},
        {0xE0000, 0xE0FFF},
    }};
    return std::any_of(ranges.begin(), ranges.end(), [code](const auto& range) {
        return code >= range.first && code <= range.second;
    });
}

bool is_line_break(std::uint32_t code) noexcept {
    return code == '\n' || code == '\r' || code == 0x0B || code == 0x0C || code == 0x85 || code == 0x2028 ||
           code == 0x2029;
}

struct cleaned_text {
    std::string text;
    bool cut = false; // there was more than can be wanted of it
};

// Only so much is looked at: what is cut away later needn't be read.
cleaned_text cleaned(std::string_view text, std::size_t bytes, char for_line_break) {
    const std::size_t looked_at = std::max<std::size_t>(bytes, 16) * 8;
    const bool more = text.size() > looked_at;
    const std::string valid = valid_utf8(prefix_at_character(text, looked_at));
    std::string out;
    for (std::string_view rest = valid; !rest.empty();) {
        const character next = first_of(rest);
        const bool windows_break = rest.starts_with("\r\n");
        if (is_line_break(next.code)) {
            out += for_line_break;
        } else if (next.code == '\t') {
            out += ' ';
        } else if (!is_removed(next.code)) {
            out += rest.substr(0, next.length);
        }
        rest.remove_prefix(windows_break ? 2 : next.length);
    }
    return {std::move(out), more};
}

std::string with_cut_mark(std::string_view text, std::size_t bytes) {
    const std::size_t room = bytes > cut_mark.size() ? bytes - cut_mark.size() : 0;
    return std::string(prefix_at_character(text, room)).append(cut_mark);
}

} // namespace

std::string display_line(std::string_view text, std::size_t bytes) {
    const cleaned_text clean = cleaned(text, bytes, ' ');
    const std::string_view line = trimmed(clean.text);
    return clean.cut ? with_cut_mark(line, bytes) : shortened(line, bytes, cut_mark);
}

std::string display_lines(std::string_view text, std::size_t bytes, std::size_t lines) {
    const cleaned_text clean = cleaned(text, bytes, '\n');
    std::string out;
    std::size_t count = 0;
    bool after_empty = false;
    for (const std::string& line : split(trimmed(clean.text), '\n')) {
        const bool empty = trimmed(line).empty();
        if (empty && after_empty) {
            continue;
        }
        if (count == lines) {
            return with_cut_mark(out, bytes);
        }
        out += count == 0 ? "" : "\n";
        out += empty ? std::string_view() : std::string_view(line);
        after_empty = empty;
        ++count;
    }
    return clean.cut ? with_cut_mark(out, bytes) : shortened(out, bytes, cut_mark);
}

} // namespace hallpass::services
