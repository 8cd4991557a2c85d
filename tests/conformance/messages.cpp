#include "messages.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::test::conformance {

namespace json = boost::json;

namespace {

std::string text_at(const json::value& in, std::string_view key) {
    const json::value* found = in.as_object().if_contains(key);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::string plain(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

// Text, HTML and fields.
std::string all_text(const json::value& shown) {
    std::string text = text_at(shown, "text") + '\n' + text_at(shown, "html");
    if (const json::value* fields = shown.as_object().if_contains("fields")) {
        for (const json::value& field : fields->as_array()) {
            text += '\n' + plain(field.at(0)) + ": " + plain(field.at(1));
        }
    }
    return text;
}

// A letter's HTML, else its text.
std::string markup_of(const json::value& shown) {
    const std::string html = text_at(shown, "html");
    return html.empty() ? text_at(shown, "text") : html;
}

json::array list_at(const json::value& in, std::string_view key) {
    const json::value* found = in.as_object().if_contains(key);
    return found && found->is_array() ? found->get_array() : json::array();
}

// Every text of type mrkdwn, in which Slack looks for markup.
void add_mrkdwn(const json::value& from, std::string& to) {
    if (from.is_array()) {
        for (const json::value& one : from.get_array()) {
            add_mrkdwn(one, to);
        }
    } else if (from.is_object()) {
        if (text_at(from, "type") == "mrkdwn") {
            to += '\n' + text_at(from, "text");
        }
        for (const auto& [key, value] : from.get_object()) {
            add_mrkdwn(value, to);
        }
    }
}

std::size_t run_at(std::string_view text, std::size_t at) {
    const std::size_t end = std::min(text.find_first_not_of('`', at), text.size());
    return end - at;
}

// Where the code ends that so many backticks begin at `at`; npos where it doesn't. A fence, which begins a
// line, is closed by as many or more that begin one; others by as many.
std::size_t end_of_code(std::string_view text, std::size_t at, std::size_t ticks) {
    const bool is_fence = ticks >= 3 && (at == 0 || text[at - 1] == '\n');
    std::size_t next = text.find('`', at + ticks);
    while (next != std::string_view::npos) {
        const std::size_t run = run_at(text, next);
        if (is_fence ? run >= ticks && text[next - 1] == '\n' : run == ticks) {
            return next + run;
        }
        next = text.find('`', next + run);
    }
    return std::string_view::npos;
}

std::string without_code(std::string_view text) {
    std::string rest;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t tick = std::min(text.find('`', at), text.size());
        rest += text.substr(at, tick - at);
        const std::size_t ticks = run_at(text, tick);
        const std::size_t end = ticks > 0 ? end_of_code(text, tick, ticks) : std::string_view::npos;
        at = end == std::string_view::npos ? tick + ticks : end;
    }
    return rest;
}

// Among those before it.
message* root_of(std::vector<message>& all, const std::string& place, const std::string& id) {
    const auto found =
        std::ranges::find_if(all, [&](const message& one) { return one.place_id == place && one.id == id; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace

std::vector<message> messages_on_page(const running_sandbox& sandbox, std::string_view side) {
    std::vector<message> all;
    const json::value page = sandbox.control().get("/state").at("parties").at(side);
    for (const json::value& conversation : page.at("conversations").as_array()) {
        for (const json::value& shown : conversation.at("messages").as_array()) {
            message one;
            one.place = text_at(conversation, "name");
            one.place_id = text_at(conversation, "id");
            one.id = text_at(shown, "id");
            one.text = all_text(shown);
            one.markup = markup_of(shown);
            for (const json::value& reply : list_at(shown, "replies")) {
                one.replies.push_back(all_text(reply));
                one.markup += '\n' + markup_of(reply);
            }
            const json::value* edited = shown.as_object().if_contains("edited");
            one.edited = edited && edited->is_bool() && edited->get_bool();
            one.actions = list_at(shown, "actions");
            all.push_back(std::move(one));
        }
    }
    return all;
}

std::vector<message> messages_in_teams(const running_sandbox& sandbox, std::string_view side) {
    constexpr std::string_view of_card = " · card"; // beside the request's id
    std::vector<message> all;
    for (message& one : messages_on_page(sandbox, side)) {
        const auto card = std::ranges::find(all, one.place_id, &message::place_id);
        if (one.text.find(of_card) == std::string::npos && card != all.end()) {
            card->replies.push_back(one.text);
        } else {
            all.push_back(std::move(one));
        }
    }
    return all;
}

std::vector<message> messages_in_markdown(const running_sandbox& sandbox, std::string_view side) {
    std::vector<message> all = messages_on_page(sandbox, side);
    for (message& one : all) {
        one.markup = without_code(one.markup);
    }
    return all;
}

std::vector<message> messages_in_slack(const running_sandbox& sandbox, std::string_view side) {
    std::vector<message> all;
    const json::value slack = sandbox.control().get('/' + std::string(side));
    for (const json::value& channel : slack.at("channels").as_array()) {
        const std::string place = text_at(channel, "id");
        const std::string person = text_at(channel, "im_user");
        for (const json::value& shown : channel.at("messages").as_array()) {
            if (!text_at(shown, "ephemeral_for").empty()) {
                continue;
            }
            message one;
            one.place = person.empty() ? text_at(channel, "name") : person;
            one.place_id = place;
            one.id = text_at(shown, "ts");
            one.text = text_at(shown, "text") + '\n' + json::serialize(shown.at("blocks"));
            one.markup = text_at(shown, "text");
            add_mrkdwn(shown.at("blocks"), one.markup);
            one.edited = !text_at(shown, "edited_ts").empty();
            if (message* root = root_of(all, place, text_at(shown, "thread_ts"))) {
                root->replies.push_back(one.text);
                root->markup += '\n' + one.markup;
            } else {
                all.push_back(std::move(one));
            }
        }
    }
    return all;
}

std::vector<message> messages_in_discord(const running_sandbox& sandbox, std::string_view side) {
    std::vector<message> all;
    const json::value discord = sandbox.control().get('/' + std::string(side));
    for (const json::value& channel : discord.at("channels").as_array()) {
        const std::string place = text_at(channel, "id");
        const std::string person = text_at(channel, "recipient");
        for (const json::value& shown : channel.at("messages").as_array()) {
            message one;
            one.place = person.empty() ? text_at(channel, "name") : person;
            one.place_id = place;
            one.id = text_at(shown, "id");
            one.text = text_at(shown, "content") + '\n' + json::serialize(shown.at("embeds"));
            one.markup = without_code(text_at(shown, "content")) + '\n' +
                         json::serialize(shown.at("allowed_mentions"));
            for (const json::value& embed : shown.at("embeds").as_array()) {
                one.markup += '\n' + without_code(text_at(embed, "description"));
            }
            one.edited = !shown.at("earlier").as_array().empty();
            if (message* root = root_of(all, place, text_at(shown, "reply_to"))) {
                root->replies.push_back(one.text);
                root->markup += '\n' + one.markup;
            } else {
                all.push_back(std::move(one));
            }
        }
    }
    return all;
}

} // namespace hallpass::test::conformance
