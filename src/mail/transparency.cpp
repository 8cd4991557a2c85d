#include "mail/transparency.hpp"

namespace hallpass::mail {

std::string with_transparency(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 32 + 8);
    bool line_begins = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r' || c == '\n') {
            // A line break alone would be a second message's beginning to some servers ("SMTP smuggling").
            i += c == '\r' && i + 1 < text.size() && text[i + 1] == '\n' ? 1U : 0U;
            out += "\r\n";
            line_begins = true;
            continue;
        }
        if (line_begins && c == '.') {
            out += '.';
        }
        out += c;
        line_begins = false;
    }
    out += line_begins ? ".\r\n" : "\r\n.\r\n";
    return out;
}

} // namespace hallpass::mail
