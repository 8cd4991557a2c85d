#include "services/msteams/runs.hpp"

#include "services/card_words.hpp"
#include "services/display_text.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::services::msteams {

namespace json = boost::json;

namespace {

std::string inert(std::string_view display) {
    constexpr std::string_view breaker = "\xE2\x80\x8B"; // U+200B, which display texts never hold
    std::string out;
    for (const char c : display) {
        if (c == '{' && out.ends_with('{')) {
            out += breaker;
        }
        out += c;
    }
    return out;
}

} // namespace

paragraph& paragraph::run(std::string_view display, json::object style) {
    if (!display.empty()) {
        style["type"] = "TextRun";
        style["text"] = inert(display);
        runs_.push_back(std::move(style));
    }
    return *this;
}

paragraph& paragraph::text(std::string_view display) {
    return run(display, {});
}

paragraph& paragraph::bold(std::string_view display) {
    return run(display, {{"weight", "Bolder"}});
}

paragraph& paragraph::subtle(std::string_view display) {
    return run(display, {{"isSubtle", true}, {"size", "Small"}});
}

paragraph& paragraph::code(std::string_view display) {
    return run(display, {{"fontType", "Monospace"}});
}

paragraph& paragraph::status(std::string_view display, std::string_view colour) {
    return run(display, {{"weight", "Bolder"}, {"size", "Large"}, {"color", colour}});
}

json::object paragraph::as_element(std::string_view spacing) && {
    return json::object{{"type", "RichTextBlock"}, {"spacing", spacing}, {"inlines", std::move(runs_)}};
}

std::string name_list(const std::vector<std::string>& names, std::size_t at_most, std::size_t bytes_each) {
    std::string out;
    const std::size_t shown = std::min(names.size(), at_most);
    for (std::size_t i = 0; i < shown; ++i) {
        const std::string name = display_line(names[i], bytes_each);
        out += i == 0 ? "" : ", ";
        out += name.empty() ? "(empty)" : name;
    }
    return shown == names.size() ? out : out + and_more(names.size() - shown);
}

std::string shown_time(instant at) {
    const std::string rfc = to_rfc3339(at); // "2026-03-01T07:00:00Z"
    return rfc.size() < 16 ? rfc : rfc.substr(0, 10) + ' ' + rfc.substr(11, 5) + " UTC";
}

} // namespace hallpass::services::msteams
