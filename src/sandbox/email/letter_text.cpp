#include "sandbox/email/letter_text.hpp"

#include "base/text.hpp"

#include <cstdint>

namespace hallpass::sandbox {

namespace {

std::string from_base64(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos) {
            continue;
        }
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
        }
    }
    return out;
}

int hex_digit(char c) noexcept {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string from_quoted_printable(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '=') {
            out += text[i];
        } else if (text.substr(i + 1).starts_with("\r\n")) {
            i += 2;
        } else if (i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += '=';
        }
    }
    return out;
}

// "=?UTF-8?B?…?=", with the blanks between two of them taken away.
std::string decoded(std::string_view value) {
    constexpr std::string_view begin = "=?UTF-8?B?";
    std::string out;
    bool after_word = false;
    while (!value.empty()) {
        const std::size_t at = value.find(begin);
        const std::size_t end = at == std::string_view::npos ? at : value.find("?=", at + begin.size());
        if (end == std::string_view::npos) {
            return out.append(value);
        }
        const std::string_view before = value.substr(0, at);
        out += after_word && trimmed(before).empty() ? std::string_view() : before;
        out += from_base64(value.substr(at + begin.size(), end - at - begin.size()));
        value.remove_prefix(end + 2);
        after_word = true;
    }
    return out;
}

struct part {
    std::vector<std::pair<std::string, std::string>> headers;
    std::string_view body;
};

std::string header_of(const part& of, std::string_view name) {
    for (const auto& [key, value] : of.headers) {
        if (lower_case(key) == lower_case(name)) {
            return value;
        }
    }
    return "";
}

std::optional<part> split_part(std::string_view raw) {
    part made;
    while (true) {
        const std::size_t end = raw.find("\r\n");
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        const std::string_view line = raw.substr(0, end);
        raw.remove_prefix(end + 2);
        if (line.empty()) {
            made.body = raw;
            return made;
        }
        if ((line.front() == ' ' || line.front() == '\t') && !made.headers.empty()) {
            made.headers.back().second += line;
            continue;
        }
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) {
            return std::nullopt;
        }
        made.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    }
}

std::string parameter(const std::string& value, std::string_view name) {
    const std::string key = std::string(name) + "=\"";
    const std::size_t at = value.find(key);
    if (at == std::string::npos) {
        return "";
    }
    const std::size_t begin = at + key.size();
    return value.substr(begin, value.find('"', begin) - begin);
}

std::string content_of(const part& of) {
    const std::string encoding = lower_case(header_of(of, "Content-Transfer-Encoding"));
    return encoding == "quoted-printable" ? from_quoted_printable(of.body)
           : encoding == "base64"         ? from_base64(of.body)
                                          : std::string(of.body);
}

void read_bodies(const part& whole, read_letter& into) {
    const std::string type = header_of(whole, "Content-Type");
    const std::string boundary = "--" + parameter(type, "boundary");
    if (!lower_case(type).starts_with("multipart/") || boundary == "--") {
        into.text = content_of(whole);
        return;
    }
    std::string_view rest = whole.body;
    std::size_t at = rest.find(boundary + "\r\n");
    while (at != std::string_view::npos) {
        rest.remove_prefix(at + boundary.size() + 2);
        const std::size_t end = rest.find("\r\n" + boundary);
        const auto one = split_part(rest.substr(0, end));
        if (one) {
            const bool is_html = lower_case(header_of(*one, "Content-Type")).starts_with("text/html");
            (is_html ? into.html : into.text) = content_of(*one);
        }
        at = rest.find(boundary + "\r\n");
    }
}

} // namespace

std::string read_letter::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (lower_case(key) == lower_case(name)) {
            return value;
        }
    }
    return "";
}

std::optional<read_letter> read_letter_text(std::string_view raw) {
    const auto whole = split_part(raw);
    if (!whole) {
        return std::nullopt;
    }
    read_letter made;
    for (const auto& [name, value] : whole->headers) {
        made.headers.emplace_back(name, decoded(value));
    }
    read_bodies(*whole, made);
    const bool complete =
        !made.header("Date").empty() && !made.header("From").empty() && !made.header("Message-ID").empty();
    return complete ? std::optional(std::move(made)) : std::nullopt;
}

} // namespace hallpass::sandbox
