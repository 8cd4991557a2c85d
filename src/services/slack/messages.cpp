#include "services/slack/messages.hpp"

#include "base/text.hpp"
#include "services/card_words.hpp"
#include "services/display_text.hpp"
#include "services/slack/card_blocks.hpp"
#include "services/slack/rich_text.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace hallpass::services::slack {

namespace json = boost::json;
using access::request_state;

namespace {

constexpr std::size_t block_id_bytes = 255;
constexpr std::string_view block_id_prefix = "hallpass:";
constexpr std::size_t text_reason_bytes = 300;
constexpr std::size_t text_name_bytes = 120;
constexpr std::size_t text_link_bytes = 1000;
constexpr std::size_t reply_reason_bytes = 2000;
constexpr std::size_t reply_name_bytes = 200;

bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Display text for `text`, where Slack reads its own markup: entities for what is live, look-alikes for what
// formats. An underscore inside a word formats nothing.
std::string inert(std::string_view display) {
    std::string out;
    for (std::size_t i = 0; i < display.size(); ++i) {
        const bool inside_word =
            i > 0 && i + 1 < display.size() && is_word(display[i - 1]) && is_word(display[i + 1]);
        switch (display[i]) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '`':
            out += '\'';
            break;
        case '*':
            out += "∗";
            break;
        case '~':
            out += "∼";
            break;
        case '_':
            out += inside_word ? "_" : "ˍ";
            break;
        default:
            out += display[i];
        }
    }
    return out;
}

std::string inert_line(std::string_view text, std::size_t bytes) {
    return inert(display_line(text, bytes));
}

std::string reason_in_text(std::string_view label, std::string_view reason) {
    const std::string words = inert_line(reason, text_reason_bytes);
    return words.empty() ? "" : "\n" + std::string(label) + ": " + words;
}

std::string card_text(const access::card& shown) {
    std::string text = status_words(shown.state) + " " + inert(card_title(shown));
    if (is_resolved(shown.state)) {
        text += reason_in_text("Resolution reason", shown.resolve_reason);
    }
    text += reason_in_text("Reason", shown.request_reason);
    if (!shown.cluster_name.empty()) {
        text += "\nCluster: " + inert_line(shown.cluster_name, text_name_bytes);
    }
    text += "\nID: " + inert(shown.request_id);
    const bool plain = shown.link.find_first_of("<>| \n") == std::string::npos;
    if (!shown.link.empty() && plain && shown.link.size() <= text_link_bytes) {
        // Between angle brackets nothing of a link is read as markup.
        std::string link = "\n<";
        for (const char c : shown.link) {
            link += c == '&' ? "&amp;" : std::string(1, c);
        }
        text += link + ">";
    }
    return text;
}

std::string block_id(const access::delivery_key& key) {
    return std::string(
        prefix_at_character(std::string(block_id_prefix) + key.part + ":" + key.request_id, block_id_bytes)
    );
}

std::string text_in(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

const json::object* object_in(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found ? found->if_object() : nullptr;
}

json::object with_text_and_section(std::string text, paragraph section, std::string_view reason) {
    json::array elements{std::move(section).as_section()};
    const std::string words = display_lines(reason, reply_reason_bytes);
    if (!words.empty()) {
        elements.push_back(std::move(paragraph().text(words)).as_quote());
    }
    json::array blocks{rich_text_block(std::move(elements))};
    return json::object{{"text", std::move(text)}, {"blocks", std::move(blocks)}};
}

} // namespace

json::object card_message(const access::card& shown, bool with_buttons) {
    json::array blocks;
    for (const amounts& room : amounts_to_try) {
        blocks = card_blocks(shown, room);
        if (with_buttons && is_decidable(shown)) {
            blocks.push_back(decision_buttons(shown));
        }
        if (json::serialize(blocks).size() <= blocks_bytes) {
            break;
        }
    }
    return json::object{{"text", card_text(shown)}, {"blocks", std::move(blocks)}};
}

json::object review_message(const access::card& shown, std::size_t index) {
    const access::review& one = shown.reviews.at(index);
    const std::string words = status_words(one.proposed);
    paragraph section;
    section.bold(display_line(one.author, reply_name_bytes)).text(" reviewed the request");
    if (one.created) {
        section.text(", ").time(*one.created);
    }
    section.line_break().text("Resolution: ").bold(words);
    std::string text =
        inert_line(one.author, reply_name_bytes) + " reviewed the request. Resolution: " + words;
    text += reason_in_text("Reason", one.reason);
    return with_text_and_section(std::move(text), std::move(section), one.reason);
}

json::object outcome_message(const access::card& shown) {
    const std::string words = status_words(shown.state);
    paragraph section;
    section.text("Your request ").code(shown.request_id).text(" is ").bold(words);
    std::string text = "Your request " + inert(shown.request_id) + " is " + words;
    if (shown.state == request_state::promoted && !shown.promoted_access_list.empty()) {
        section.text(" to access list ").bold(display_line(shown.promoted_access_list, reply_name_bytes));
        text += " to access list " + inert_line(shown.promoted_access_list, reply_name_bytes);
    }
    text += reason_in_text("Reason", shown.resolve_reason);
    return with_text_and_section(std::move(text), std::move(section), shown.resolve_reason);
}

void mark_blocks(json::object& message, const access::delivery_key& key) {
    message.at("blocks").as_array().at(0).as_object()["block_id"] = block_id(key);
}

void mark_message(json::object& message, const access::delivery_key& key) {
    mark_blocks(message, key);
    message["metadata"] = json::object{
        {"event_type", metadata_event_type},
        {"event_payload", json::object{{"request_id", key.request_id}, {"part", key.part}}},
    };
}

std::vector<access::delivery_key> keys_of(const json::object& message) {
    std::vector<access::delivery_key> keys;
    const json::object* metadata = object_in(message, "metadata");
    if (metadata && text_in(*metadata, "event_type") == metadata_event_type) {
        if (const json::object* payload = object_in(*metadata, "event_payload")) {
            keys.emplace_back(text_in(*payload, "request_id"), text_in(*payload, "part"));
        }
    }
    const json::value* blocks = message.if_contains("blocks");
    if (!blocks || !blocks->is_array()) {
        return keys;
    }
    for (const json::value& block : blocks->get_array()) {
        const std::string id = block.is_object() ? text_in(block.get_object(), "block_id") : std::string();
        const std::size_t colon = id.find(':', block_id_prefix.size());
        if (id.starts_with(block_id_prefix) && colon != std::string::npos) {
            keys.emplace_back(
                id.substr(colon + 1), id.substr(block_id_prefix.size(), colon - block_id_prefix.size())
            );
        }
    }
    return keys;
}

bool carries(const json::object& message, const access::delivery_key& key) {
    const std::vector<access::delivery_key> keys = keys_of(message);
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

} // namespace hallpass::services::slack
