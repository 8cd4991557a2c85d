#include "services/jira/markup.hpp"

#include "base/text.hpp"

#include <boost/json/array.hpp>

#include <cctype>

namespace hallpass::services::jira {

namespace json = boost::json;

namespace {

constexpr int deepest = 20;

bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool inside_word(std::string_view text, std::size_t at) noexcept {
    return at > 0 && at + 1 < text.size() && is_word(text[at - 1]) && is_word(text[at + 1]);
}

// "h1.", "bq.": what begins a line of another kind.
bool begins_block(std::string_view text, std::size_t dot) noexcept {
    const std::string_view before = text.substr(0, dot);
    return before == "bq" || (before.size() == 2 && before[0] == 'h' && before[1] >= '1' && before[1] <= '6');
}

bool is_live(std::string_view text, std::size_t at) noexcept {
    constexpr std::string_view always = "\\{}[]*^~!|#&<>?()%$\"'`=";
    switch (text[at]) {
    case '-':
    case '_':
    case '+': // inside a word they format nothing
        return !inside_word(text, at);
    case ':': // links and emoticons
        return at + 1 < text.size() && text[at + 1] != ' ' &&
               !(at > 0 && is_digit(text[at - 1]) && is_digit(text[at + 1]));
    case ';':
        return true;
    case '.':
        return begins_block(text, at) || (at >= 3 && lower_case(text.substr(at - 3, 3)) == "www");
    default:
        return always.find(text[at]) != std::string_view::npos;
    }
}

json::object text_node(std::string_view text) {
    return {{"type", "text"}, {"text", text}};
}

json::object strong(std::string_view text) {
    json::object made = text_node(text);
    made["marks"] = json::array{json::object{{"type", "strong"}}};
    return made;
}

json::object paragraph(json::array content) {
    return {{"type", "paragraph"}, {"content", std::move(content)}};
}

json::object quote(std::string_view text) {
    json::array content;
    for (const std::string& line : split(text, '\n')) {
        if (!content.empty()) {
            content.push_back(json::object{{"type", "hardBreak"}});
        }
        if (!line.empty()) { // an empty text node is refused
            content.push_back(text_node(line));
        }
    }
    return {{"type", "blockquote"}, {"content", json::array{paragraph(std::move(content))}}};
}

json::object link(std::string_view label, std::string_view url) {
    json::object made = text_node(label);
    made["marks"] = json::array{json::object{{"type", "link"}, {"attrs", json::object{{"href", url}}}}};
    return made;
}

json::array line(const ticket_fact& fact) {
    if (fact.kind == fact_kind::link) {
        return {link(fact.label, fact.text)};
    }
    if (fact.label.empty()) {
        return {text_node(fact.text)};
    }
    return {strong(fact.label + ":"), text_node(" " + fact.text)};
}

void add_text(std::string& to, const json::value& node, int depth) {
    const json::object* one = node.if_object();
    if (!one || depth > deepest) {
        return;
    }
    const json::value* type = one->if_contains("type");
    const json::value* text = one->if_contains("text");
    if (text && text->is_string()) {
        to += text->get_string();
    }
    const bool block =
        type && type->is_string() && (type->get_string() == "paragraph" || type->get_string() == "hardBreak");
    if (block && !to.empty() && to.back() != '\n') {
        to += '\n';
    }
    const json::value* content = one->if_contains("content");
    if (content && content->is_array()) {
        for (const json::value& child : content->get_array()) {
            add_text(to, child, depth + 1);
        }
    }
}

} // namespace

// Numeric entities: Jira's renderer passes them on as characters, and takes them for no markup.
std::string escaped_wiki(std::string_view display) {
    std::string out;
    for (std::size_t i = 0; i < display.size(); ++i) {
        if (is_live(display, i)) {
            out += "&#" + std::to_string(static_cast<unsigned char>(display[i])) + ';';
        } else {
            out += display[i];
        }
    }
    return out;
}

std::string to_wiki(const ticket_facts& facts) {
    std::string out;
    for (const ticket_fact& fact : facts) {
        out.append(out.empty() ? "" : "\n");
        switch (fact.kind) {
        case fact_kind::quote:
            out += "*" + fact.label + ":*\n{quote}\n";
            for (const std::string& one : split(fact.text, '\n')) {
                out += escaped_wiki(one) + '\n';
            }
            out += "{quote}";
            break;
        case fact_kind::link:
            out += '[' + fact.label + '|' + fact.text + ']';
            break;
        case fact_kind::mark:
            out += fact.text; // letters, digits and dashes inside words
            break;
        case fact_kind::line:
            out += fact.label.empty() ? escaped_wiki(fact.text)
                                      : "*" + fact.label + ":* " + escaped_wiki(fact.text);
            break;
        }
    }
    return out;
}

json::object to_adf(const ticket_facts& facts) {
    json::array content;
    json::array lines; // of the paragraph that is being made
    const auto finish = [&] {
        if (!lines.empty()) {
            content.push_back(paragraph(std::move(lines)));
            lines = json::array();
        }
    };
    for (const ticket_fact& fact : facts) {
        if (fact.kind == fact_kind::quote) {
            finish();
            content.push_back(paragraph({strong(fact.label + ":")}));
            content.push_back(quote(fact.text));
            continue;
        }
        if (fact.kind == fact_kind::mark) {
            finish();
        }
        if (!lines.empty()) {
            lines.push_back(json::object{{"type", "hardBreak"}});
        }
        for (json::value& node : line(fact)) {
            lines.push_back(std::move(node));
        }
    }
    finish();
    return {{"type", "doc"}, {"version", 1}, {"content", std::move(content)}};
}

std::string text_of_body(const json::value& body) {
    if (body.is_string()) {
        return std::string(body.get_string());
    }
    std::string text;
    add_text(text, body, 0);
    return text;
}

} // namespace hallpass::services::jira
