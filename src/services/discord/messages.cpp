#include "services/discord/messages.hpp"

#include "base/text.hpp"
#include "services/card_words.hpp"
#include "services/discord/card_embeds.hpp"
#include "services/discord/interaction.hpp"
#include "services/discord/markup.hpp"
#include "services/discord/review_ids.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"

#include <array>

namespace hallpass::services::discord {

namespace json = boost::json;
using access::audience;
using access::request_state;

namespace {

constexpr std::size_t name_bytes = 150;
constexpr std::size_t link_bytes = 800;
constexpr std::size_t command_bytes = 150;
constexpr std::size_t reply_reason_bytes = 500;
constexpr std::size_t key_bytes = 100;

std::string bold(std::string_view display) {
    return "**" + escaped(display) + "**";
}

std::string bold_status(request_state state) {
    return "**" + status_words(state) + "**";
}

std::string access_list(const access::card& shown) {
    const std::string name = display_line(shown.promoted_access_list, name_bytes);
    return shown.state != request_state::promoted || name.empty() ? "" : " to access list " + bold(name);
}

// Nothing that would end the link early.
bool is_plain(std::string_view link) noexcept {
    return link.find_first_of("<>()[]\\ \t\r\n") == std::string_view::npos;
}

std::string link_or_commands(const access::card& shown) {
    const bool decides = shown.reader == audience::approver && shown.state == request_state::pending;
    if (!shown.link.empty() && shown.link.size() <= link_bytes && is_plain(shown.link)) {
        // Between angle brackets, a link has no preview.
        return std::string("\n[") + (decides ? "Review in Teleport" : "Open in Teleport") + "](<" +
               shown.link + ">)";
    }
    if (decides && !shown.approve_command.empty()) {
        return "\nApprove: " + in_code(display_line(shown.approve_command, command_bytes)) +
               "\nDeny: " + in_code(display_line(shown.deny_command, command_bytes));
    }
    return "";
}

// All that is shown is shown as it is: nobody is pinged, whatever a text says. Discord forgets it with each
// edit, so it comes with every message.
json::object message_of(std::string content, json::array embeds) {
    return json::object{
        {"content", std::move(content)},
        {"embeds", std::move(embeds)},
        {"allowed_mentions", json::object{{"parse", json::array()}}}};
}

bool is_decidable(const access::card& shown) noexcept {
    return shown.reader == audience::approver && shown.state == request_state::pending && !shown.long_term &&
           !shown.request_id.empty() && shown.request_id.size() <= decidable_id_bytes;
}

json::object button(int style, std::string_view label, std::string custom_id) {
    return json::object{
        {"type", component::button}, {"style", style}, {"label", label}, {"custom_id", std::move(custom_id)}};
}

json::array decision_buttons(const access::card& shown) {
    constexpr int success = 3;
    constexpr int danger = 4;
    using access::verdict;
    json::array both;
    both.push_back(button(success, "Approve", button_custom_id(verdict::approve, shown.request_id)));
    both.push_back(button(danger, "Deny", button_custom_id(verdict::deny, shown.request_id)));
    json::object row{{"type", component::action_row}, {"components", std::move(both)}};
    return json::array{std::move(row)};
}

void add_reason(std::string& to, std::string_view reason) {
    const std::string words = display_lines(reason, reply_reason_bytes);
    if (!words.empty()) {
        to += '\n' + fenced(words);
    }
}

std::string key_line(const access::delivery_key& key) {
    return "-# ID " + in_code(display_line(key.request_id, key_bytes)) + " · " +
           escaped(display_line(key.part, key_bytes));
}

std::uint64_t hashed(std::string_view text, std::uint64_t from) noexcept {
    // FNV-1a.
    for (const char c : text) {
        from = (from ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    return from;
}

} // namespace

json::object card_message(const access::card& shown, bool decided_here) {
    const std::string list = access_list(shown);
    std::string content = bold_status(shown.state) + list + (list.empty() ? " " : " · ") +
                          escaped(card_title(shown)) + votes(shown) + link_or_commands(shown);
    json::object message = message_of(std::move(content), card_embeds(shown));
    message["components"] = decided_here && is_decidable(shown) ? decision_buttons(shown) : json::array();
    return message;
}

json::object review_message(const access::card& shown, std::size_t index) {
    const access::review& one = shown.reviews.at(index);
    std::string content = bold(display_line(one.author, name_bytes)) + " reviewed the request";
    if (one.created) {
        content += ", " + shown_time(*one.created);
    }
    content += "\nResolution: " + bold_status(one.proposed);
    add_reason(content, one.reason);
    return message_of(std::move(content), json::array());
}

json::object outcome_message(const access::card& shown) {
    std::string content = "Your request is " + bold_status(shown.state) + access_list(shown);
    add_reason(content, shown.resolve_reason);
    return message_of(std::move(content), json::array());
}

void mark_message(json::object& message, const access::delivery_key& key) {
    message.at("content").as_string().append("\n" + key_line(key));
}

bool carries(const json::object& message, const access::delivery_key& key) {
    return text_of(message, "content").ends_with("\n" + key_line(key));
}

std::string nonce_of(const access::delivery_key& key, std::string_view channel) {
    std::uint64_t value = 0xCBF29CE484222325U;
    for (const std::string_view part :
         {std::string_view(key.request_id), std::string_view(key.part), channel}) {
        value = hashed(std::string_view("\0", 1), hashed(part, value));
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "hp-";
    for (unsigned shift = 64; shift > 0; shift -= 4) {
        out += digits[(value >> (shift - 4)) & 0xFU];
    }
    return out;
}

} // namespace hallpass::services::discord
