#include "chat_messages.hpp"

#include "json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace hallpass::chaos {

namespace json = boost::json;

namespace {

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// From behind `begin` to before `end`, "" where either isn't there.
std::string between(const std::string& text, std::string_view begin, std::string_view end) {
    const std::size_t at = text.rfind(begin);
    if (at == std::string::npos) {
        return "";
    }
    const std::size_t from = at + begin.size();
    const std::size_t to = text.find(end, from);
    return to == std::string::npos ? "" : text.substr(from, to - from);
}

shown_message slack_message(const json::object& from, std::string channel) {
    shown_message message;
    message.place = std::move(channel);
    message.id = text_at(from, "ts");
    message.below = text_at(from, "thread_ts");
    message.state = state_told_by(text_at(from, "text"));
    const json::object& payload = object_at(object_at(from, "metadata"), "event_payload");
    message.request_id = text_at(payload, "request_id");
    message.part = text_at(payload, "part");
    return message;
}

} // namespace

std::vector<std::string> reviewers_named_in(const std::string& text) {
    std::vector<std::string> named;
    for (const char* reviewer : {"bob@example.com", "carol@example.com"}) {
        if (has(text, reviewer)) {
            named.emplace_back(reviewer);
        }
    }
    return named;
}

std::vector<shown_message> slack_messages(const test::http_peer& control, bool in_full) {
    std::vector<shown_message> all;
    if (!in_full) {
        const json::value listed = control.get("/slack/messages");
        for (const json::value& one : listed.as_array()) {
            all.push_back(slack_message(one.as_object(), text_at(one.as_object(), "channel")));
        }
        return all;
    }
    const json::value slack = control.get("/slack");
    for (const json::value& channel : slack.at("channels").as_array()) {
        const std::string id = text_at(channel.as_object(), "id");
        for (const json::value& one : channel.at("messages").as_array()) {
            shown_message message = slack_message(one.as_object(), id);
            const std::string blocks = json::serialize(one.at("blocks"));
            message.in_full = true;
            message.agrees = message.part != "card" || has(blocks, message.state + '"');
            message.reviewers = reviewers_named_in(blocks);
            all.push_back(std::move(message));
        }
    }
    return all;
}

std::vector<shown_message> discord_messages(const test::http_peer& control, bool) {
    const json::value discord = control.get("/discord");
    std::vector<shown_message> all;
    for (const json::value& channel : discord.at("channels").as_array()) {
        const std::string recipient = text_at(channel.as_object(), "recipient");
        for (const json::value& one : channel.at("messages").as_array()) {
            std::string content = text_at(one.as_object(), "content");
            content += '\n';
            shown_message message;
            message.place = recipient.empty() ? text_at(channel.as_object(), "id") : recipient;
            message.id = text_at(one.as_object(), "id");
            message.below = text_at(one.as_object(), "reply_to");
            message.request_id = between(content, "-# ID `", "`");
            message.part = between(content, "` · ", "\n");
            std::erase(message.part, '\\');
            message.state = state_told_by(content);
            message.in_full = true;
            message.reviewers = reviewers_named_in(json::serialize(one.at("embeds")));
            all.push_back(std::move(message));
        }
    }
    return all;
}

std::vector<shown_message> mattermost_messages(const test::http_peer& control, bool) {
    std::vector<shown_message> all;
    for (const char* place : {"access-requests", "dba-requests", "alice"}) {
        const json::value posts = control.get(std::string("/mattermost/posts/") + place);
        for (const json::value& one : posts.as_array()) {
            const json::object& props = object_at(one.as_object(), "props");
            const json::object& own = object_at(props, "hallpass");
            shown_message message;
            message.place = place;
            message.id = text_at(one.as_object(), "id");
            message.below = text_at(one.as_object(), "root_id");
            message.request_id = text_at(own, "request");
            message.part = text_at(own, "part");
            message.state = state_told_by(text_at(one.as_object(), "message"));
            message.in_full = true;
            message.reviewers = reviewers_named_in(json::serialize(props));
            all.push_back(std::move(message));
        }
    }
    return all;
}

std::vector<shown_message> teams_messages(const test::http_peer& control, bool) {
    const json::value teams = control.get("/msteams");
    std::vector<shown_message> all;
    for (const json::value& conversation : teams.at("conversations").as_array()) {
        const bool chat = !text_at(conversation.as_object(), "person").empty();
        std::map<std::string, std::string> cards;
        for (const json::value& one : conversation.at("messages").as_array()) {
            const json::object& activity = object_at(one.as_object(), "activity");
            const std::string card = json::serialize(activity);
            const std::string key = between(card, "\"ID ", "\"");
            const std::size_t dot = std::min(key.find(" · "), key.size());
            shown_message message;
            message.place = text_at(conversation.as_object(), "name");
            message.id = text_at(one.as_object(), "id");
            message.request_id = key.substr(0, dot);
            message.part = between(key + '"', " · ", "\"");
            message.state = state_told_by(text_at(activity, "summary"));
            if (message.part == "card") {
                cards[message.request_id] = message.id;
            }
            // A chat has no threads.
            message.below = chat ? cards[message.request_id] : text_at(one.as_object(), "below");
            message.in_full = true;
            message.reviewers = reviewers_named_in(card);
            all.push_back(std::move(message));
        }
    }
    return all;
}

std::vector<shown_message> mail_messages(const test::http_peer& control, bool) {
    const json::value letters = control.get("/email/letters");
    std::vector<shown_message> all;
    std::map<std::pair<std::string, std::string>, std::string> newest; // by place and request
    for (const json::value& one : letters.as_array()) {
        // "<REQUEST.PART.HASH@DOMAIN>"
        const std::string id = text_at(one.as_object(), "id");
        const std::string text = text_at(one.as_object(), "text");
        const std::size_t dot = std::min(id.find('.'), id.size());
        shown_message message;
        message.place = text_at(one.as_object(), "to");
        message.id = id;
        message.below = text_at(one.as_object(), "in_reply_to");
        message.request_id = id.substr(std::min<std::size_t>(1, id.size()), dot == 0 ? 0 : dot - 1);
        message.part = dot == id.size() ? "" : id.substr(dot + 1, id.find('.', dot + 1) - dot - 1);
        message.state = state_told_by(text.substr(std::min(text.find("Status: "), text.size())));
        message.in_full = true;
        message.reviewers = reviewers_named_in(text);
        if (message.part == "card" || message.part == "outcome") {
            newest[{message.place, message.request_id}] = message.state;
        }
        all.push_back(std::move(message));
    }
    for (shown_message& message : all) {
        if (message.part == "card") {
            message.state = newest[{message.place, message.request_id}];
        }
    }
    return all;
}

} // namespace hallpass::chaos
