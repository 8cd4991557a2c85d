#include "services/email/mime.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>

namespace hallpass::services::email {

namespace {

constexpr std::size_t line_bytes = 76;
constexpr std::size_t bytes_in_word = 45; // 60 in base64, with "=?UTF-8?B?" and "?=" below 75

bool is_printable(char c) noexcept {
    return c >= 0x20 && c < 0x7F;
}

// In a header nothing may break the line, whoever wrote it.
std::string one_header_line(std::string_view text) {
    std::string out = valid_utf8(text);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' '
    );
    return out;
}

// A name as RFC 5322 has it before an address.
std::string phrase(std::string_view name) {
    const bool plain = std::all_of(name.begin(), name.end(), is_printable) && name.size() < 60;
    if (!plain || name.find("=?") != std::string_view::npos) {
        return encoded_words(name);
    }
    std::string out = "\"";
    for (const char c : name) {
        out += c == '"' || c == '\\' ? "\\" : "";
        out += c;
    }
    return out + '"';
}

std::string header(std::string_view name, std::string_view value) {
    return std::string(name).append(": ").append(value).append("\r\n");
}

std::string in_brackets(const std::string& id) {
    return '<' + id + '>';
}

std::string part(const std::string& boundary, std::string_view type, std::string_view text) {
    return "--" + boundary + "\r\n" + header("Content-Type", std::string(type) + "; charset=utf-8") +
           header("Content-Transfer-Encoding", "quoted-printable") + "\r\n" + quoted_printable(text) + "\r\n";
}

std::string thread_headers(const mime_letter& letter) {
    if (letter.references.empty()) {
        return "";
    }
    std::string all;
    for (const std::string& one : letter.references) {
        all += (all.empty() ? "" : "\r\n ") + in_brackets(one_header_line(one));
    }
    return header("In-Reply-To", in_brackets(one_header_line(letter.references.back()))) +
           header("References", all);
}

} // namespace

std::string encoded_words(std::string_view utf8) {
    std::string text = one_header_line(utf8);
    const bool plain = std::all_of(text.begin(), text.end(), is_printable) && text.size() <= 60;
    if (plain && text.find("=?") == std::string::npos && trimmed(text).size() == text.size()) {
        return text;
    }
    std::string out;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view word = prefix_at_character(rest, bytes_in_word);
        out.append(out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?").append(to_base64(word)).append("?=");
        rest.remove_prefix(word.size());
    }
    return out;
}

std::string quoted_printable(std::string_view lines) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const char c = lines[i];
        if (c == '\n') {
            out += "\r\n";
            column = 0;
            continue;
        }
        const bool ends_line = i + 1 == lines.size() || lines[i + 1] == '\n';
        const bool as_it_is = is_printable(c) && c != '=' && !(c == ' ' && ends_line);
        const std::size_t width = as_it_is ? 1 : 3;
        if (column + width >= line_bytes) {
            out += "=\r\n";
            column = 0;
        }
        if (as_it_is) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '=';
            out += digits[byte >> 4U];
            out += digits[byte & 0xFU];
        }
        column += width;
    }
    return out;
}

std::string date_text(std::int64_t seconds_since_1970) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t at = seconds_since_1970;
    std::tm parts{};
    ::gmtime_r(&at, &parts);
    std::array<char, 64> text{};
    std::snprintf(
        text.data(), text.size(), "%s, %02d %s %d %02d:%02d:%02d +0000",
        days.at(static_cast<std::size_t>(parts.tm_wday)), parts.tm_mday,
        months.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
        parts.tm_sec
    );
    return text.data();
}

std::string compose(const mime_letter& letter) {
    const std::string& name = letter.from.name;
    std::string out = header(
        "From",
        (name.empty() ? "" : phrase(one_header_line(name)) + "\r\n ") + in_brackets(letter.from.address)
    );
    out += header("To", in_brackets(letter.to));
    out += header("Subject", encoded_words(letter.subject));
    out += header("Date", letter.date);
    out += header("Message-ID", in_brackets(one_header_line(letter.id)));
    out += thread_headers(letter);
    for (const auto& [key, value] : letter.further_headers) {
        out += header(key, one_header_line(value));
    }
    out += header("MIME-Version", "1.0");
    out += header("Content-Type", "multipart/alternative;\r\n boundary=\"" + letter.boundary + '"');
    out += "\r\n";
    out += part(letter.boundary, "text/plain", letter.plain_text);
    out += part(letter.boundary, "text/html", letter.html);
    return out + "--" + letter.boundary + "--\r\n";
}

} // namespace hallpass::services::email
