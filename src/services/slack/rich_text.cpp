#include "services/slack/rich_text.hpp"

#include <string>
#include <utility>

namespace hallpass::services::slack {

namespace json = boost::json;

paragraph& paragraph::add(std::string_view text, std::string_view style) {
    if (text.empty()) {
        return *this;
    }
    json::object element{{"type", "text"}, {"text", text}};
    if (!style.empty()) {
        element.emplace("style", json::object{{style, true}});
    }
    elements_.push_back(std::move(element));
    ends_plain_ = style.empty();
    return *this;
}

paragraph& paragraph::text(std::string_view text) {
    if (!ends_plain_) {
        return add(text, "");
    }
    elements_.back().at("text").as_string().append(text);
    return *this;
}

paragraph& paragraph::bold(std::string_view text) {
    return add(text, "bold");
}

paragraph& paragraph::code(std::string_view text) {
    return add(text, "code");
}

paragraph& paragraph::link(std::string_view url, std::string_view text) {
    elements_.push_back(json::object{{"type", "link"}, {"url", url}, {"text", text}});
    ends_plain_ = false;
    return *this;
}

paragraph& paragraph::time(instant at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
    const std::string utc = to_rfc3339(at);
    elements_.push_back(json::object{
        {"type", "date"},
        {"timestamp", seconds},
        {"format", "{date_short_pretty} {time}"},
        {"fallback", utc.substr(0, 10) + ' ' + utc.substr(11, 5) + " UTC"},
    });
    ends_plain_ = false;
    return *this;
}

paragraph& paragraph::line_break() {
    return text("\n");
}

json::object paragraph::as(std::string_view type) && {
    return json::object{{"type", type}, {"elements", std::move(elements_)}};
}

json::object paragraph::as_section() && {
    return std::move(*this).as("rich_text_section");
}

json::object paragraph::as_quote() && {
    return std::move(*this).as("rich_text_quote");
}

json::object plain_text(std::string_view text) {
    return json::object{{"type", "plain_text"}, {"text", text}, {"emoji", false}};
}

json::object bullet_list(json::array sections) {
    return json::object{{"type", "rich_text_list"}, {"style", "bullet"}, {"elements", std::move(sections)}};
}

json::object rich_text_block(json::array elements) {
    return json::object{{"type", "rich_text"}, {"elements", std::move(elements)}};
}

} // namespace hallpass::services::slack
