#include "services/mattermost/messages.hpp"

#include "services/card_words.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"
#include "services/mattermost/card_attachment.hpp"
#include "services/mattermost/card_blocks.hpp"
#include "services/mattermost/markup.hpp"

#include <string>
#include <utility>

namespace hallpass::services::mattermost {

namespace json = boost::json;
using access::audience;
using access::request_state;

namespace {

constexpr std::string_view own_prop = "hallpass";
constexpr std::size_t name_bytes = 150;
constexpr std::size_t link_bytes = 800;
constexpr std::size_t command_bytes = 150;
// Of a message around a reason: two names, a state, a time.
constexpr std::size_t kept_for_words = 600;
constexpr std::size_t note_bytes = 1500;

std::string bold_status(request_state state) {
    return "**" + status_words(state) + "**";
}

std::string access_list(const access::card& shown) {
    const std::string name = display_line(shown.promoted_access_list, name_bytes);
    return shown.state != request_state::promoted || name.empty() ? "" : " to access list " + in_code(name);
}

// Nothing that would end the link early.
bool is_plain(std::string_view link) noexcept {
    return link.find_first_of("<>()[]\\ \t\r\n") == std::string_view::npos;
}

std::string link_or_commands(const access::card& shown) {
    const bool decides = shown.reader == audience::approver && shown.state == request_state::pending;
    if (!shown.link.empty() && shown.link.size() <= link_bytes && is_plain(shown.link)) {
        return std::string("\n[") + (decides ? "Review in Teleport" : "Open in Teleport") + "](" +
               shown.link + ')';
    }
    if (decides && !shown.approve_command.empty()) {
        return "\nApprove: " + in_code(display_line(shown.approve_command, command_bytes)) +
               "\nDeny: " + in_code(display_line(shown.deny_command, command_bytes));
    }
    return "";
}

json::object post_of(std::string message, json::array attachments, const access::delivery_key& key) {
    json::object props{{own_prop, json::object{{"request", key.request_id}, {"part", key.part}}}};
    if (!attachments.empty()) {
        props["attachments"] = std::move(attachments);
    }
    return json::object{{"message", std::move(message)}, {"props", std::move(props)}};
}

// A backtick becomes two bytes, and no text has more characters than bytes.
void add_reason(std::string& to, std::string_view reason, std::size_t room) {
    const std::string words = display_lines(reason, (room - kept_for_words) / 2);
    if (!words.empty()) {
        to += '\n' + fenced(words);
    }
}

} // namespace

json::object
card_message(const access::card& shown, const access::delivery_key& key, json::array buttons, bool blocks) {
    const std::string list = access_list(shown);
    std::string message = bold_status(shown.state) + list + (list.empty() ? " " : " · ") +
                          escaped(card_title(shown)) + votes(shown) + link_or_commands(shown);
    json::object attachment = card_attachment(shown);
    if (!buttons.empty()) {
        attachment["actions"] = std::move(buttons);
    }
    json::object made = post_of(std::move(message), json::array{attachment}, key);
    if (blocks) {
        add_blocks(made["props"].as_object(), attachment);
    }
    return made;
}

json::object review_message(
    const access::card& shown, std::size_t index, const access::delivery_key& key, std::size_t room
) {
    const access::review& one = shown.reviews.at(index);
    std::string message = in_code(display_line(one.author, name_bytes)) + " reviewed the request";
    if (one.created) {
        message += ", " + shown_time(*one.created);
    }
    message += "\nResolution: " + bold_status(one.proposed);
    add_reason(message, one.reason, room);
    return post_of(std::move(message), json::array(), key);
}

json::object outcome_message(const access::card& shown, const access::delivery_key& key, std::size_t room) {
    std::string message = "Your request is " + bold_status(shown.state) + access_list(shown);
    add_reason(message, shown.resolve_reason, room);
    return post_of(std::move(message), json::array(), key);
}

std::string note(std::string_view words, std::string_view link) {
    const std::string display = display_lines(words, note_bytes);
    const std::size_t at = link.empty() || !is_plain(link) ? std::string::npos : display.find(link);
    if (at == std::string::npos) {
        return escaped(display);
    }
    const std::string_view all = display;
    return escaped(all.substr(0, at)) + std::string(link) + escaped(all.substr(at + link.size()));
}

bool carries(const json::object& post, const access::delivery_key& key) {
    const json::object& own = object_of(object_of(post, "props"), own_prop);
    return text_of(own, "request") == key.request_id && text_of(own, "part") == key.part;
}

} // namespace hallpass::services::mattermost
