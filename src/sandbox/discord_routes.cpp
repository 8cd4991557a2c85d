#include "sandbox/discord_routes.hpp"

#include "base/text.hpp"
#include "sandbox/discord_json.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

using answer = discord_outcome<json::value>;

bool is_id(const std::string& word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

std::uint64_t number_in(const std::string& query, std::string_view key, std::uint64_t otherwise) {
    for (const std::string& part : split(query, '&')) {
        if (part.starts_with(key) && part.size() > key.size() && part[key.size()] == '=') {
            std::from_chars(part.data() + key.size() + 1, part.data() + part.size(), otherwise);
        }
    }
    return otherwise;
}

json::object channel_json(const discord_channel& channel) {
    json::object made{{"id", channel.id}, {"type", channel.recipient.empty() ? 0 : 1}};
    made["last_message_id"] =
        channel.messages.empty() ? json::value() : json::value(channel.messages.back().id);
    return made;
}

json::object application_json(const discord_bot& bot) {
    return {
        {"id", bot.application_id},
        {"name", bot.application},
        {"description", ""},
        {"icon", nullptr},
        {"bot_public", false},
        {"bot_require_code_grant", false},
        {"verify_key", std::string(64, '0')},
        {"owner", to_json(bot)}};
}

answer show_messages(discord_state& discord, const discord_call& call) {
    const std::uint64_t limit = std::clamp<std::uint64_t>(number_in(call.query, "limit", 50), 1, 100);
    const auto page = discord.messages(call.path[1], number_in(call.query, "after", 0), limit);
    if (!page) {
        return page.error();
    }
    json::array all;
    for (const discord_message& message : *page) {
        all.push_back(to_json(message, call.path[1], discord.bot()));
    }
    return json::value(std::move(all));
}

answer change_messages(discord_state& discord, const discord_call& call, const json::object& body) {
    auto form = read_discord_form(body);
    if (!form) {
        return form.error();
    }
    const std::string& channel = call.path[1];
    const auto done = call.path.size() == 3 ? discord.post(channel, *std::move(form))
                                            : discord.edit(channel, call.path[3], *std::move(form));
    return done ? answer(json::value(to_json(*done, channel, discord.bot()))) : answer(done.error());
}

answer open_direct(discord_state& discord, const json::object& body) {
    const json::value* recipient = body.if_contains("recipient_id");
    const auto opened = discord.open_direct(
        recipient && recipient->is_string() ? std::string(recipient->get_string()) : std::string()
    );
    return opened ? answer(json::value(channel_json(*opened))) : answer(opened.error());
}

bool is_original(const discord_call& call) {
    const auto& path = call.path;
    return (call.method == "PATCH" || call.method == "GET") && path.size() == 5 && path[0] == "webhooks" &&
           path[3] == "messages" && path[4] == "@original";
}

bool is_by_token(const discord_call& call) {
    return is_original(call) || is_callback(call);
}

answer take_callback(discord_state& discord, const discord_call& call, const json::object& body) {
    const std::string& id = call.path[1];
    const auto taken = discord.interactions().take_callback(id, call.path[2], body);
    if (!taken) {
        return taken.error();
    }
    if (number_in(call.query, "with_response", 0) != 1 &&
        call.query.find("with_response=true") == std::string::npos) {
        return json::value(nullptr);
    }
    return json::value(json::object{{"interaction", json::object{{"id", id}, {"type", 3}}}});
}

answer show_original(discord_state& discord, const discord_call& call) {
    const auto said = discord.interactions().original(call.path[1], call.path[2]);
    if (!said) {
        return said.error();
    }
    const int flags = (said->ephemeral ? 64 : 0) | (said->thinking ? 128 : 0);
    return json::value(json::object{{"content", said->content}, {"flags", flags}});
}

answer edit_original(discord_state& discord, const discord_call& call, const json::object& body) {
    const auto edited = discord.interactions().edit_original(call.path[1], call.path[2], body);
    return edited ? answer(json::value(json::object{{"content", edited->content}})) : answer(edited.error());
}

answer get(discord_state& discord, const discord_call& call) {
    const auto& path = call.path;
    if (is_original(call)) {
        return show_original(discord, call);
    }
    if (path == std::vector<std::string>{"gateway", "bot"}) {
        return json::value(nullptr); // the front knows
    }
    if (path == std::vector<std::string>{"oauth2", "applications", "@me"}) {
        return json::value(application_json(discord.bot()));
    }
    if (path == std::vector<std::string>{"users", "@me"}) {
        return json::value(to_json(discord.bot()));
    }
    if (path == std::vector<std::string>{"applications", "@me"}) {
        return json::value(json::object{
            {"id", discord.bot().application_id}, {"name", discord.bot().application}});
    }
    if (path.size() == 2 && path[0] == "channels") {
        const auto channel = discord.channel(path[1]);
        return channel ? answer(json::value(channel_json(*channel))) : answer(channel.error());
    }
    if (path.size() == 3 && path[0] == "channels" && path[2] == "messages") {
        return show_messages(discord, call);
    }
    return discord_refusal(404, 0, "404: Not Found");
}

answer change(discord_state& discord, const discord_call& call) {
    if (!call.content_type.starts_with("application/json")) {
        return discord_refusal(400, 50035, "Invalid Form Body");
    }
    json::error_code error;
    const json::value body = json::parse(call.body, error);
    if (error || !body.is_object()) {
        return discord_refusal(400, 50109, "The request body contains invalid JSON.");
    }
    if (is_callback(call)) {
        return take_callback(discord, call, body.get_object());
    }
    if (is_original(call)) {
        return edit_original(discord, call, body.get_object());
    }
    const auto& path = call.path;
    const bool of_messages = path.size() >= 3 && path[0] == "channels" && path[2] == "messages";
    const bool posts = call.method == "POST" && path.size() == 3;
    const bool edits = call.method == "PATCH" && path.size() == 4;
    if (of_messages && (posts || edits)) {
        return change_messages(discord, call, body.get_object());
    }
    if (call.method == "POST" && path == std::vector<std::string>{"users", "@me", "channels"}) {
        return open_direct(discord, body.get_object());
    }
    return discord_refusal(404, 0, "404: Not Found");
}

} // namespace

discord_call to_discord_call(net::server_request&& request) {
    constexpr std::string_view prefix = "/api/v10/";
    discord_call call;
    call.content_type = request.header("content-type");
    call.authorization = request.header("authorization");
    call.user_agent = request.header("user-agent");
    call.method = std::move(request.method);
    if (request.path.starts_with(prefix)) {
        call.path = split(request.path.substr(prefix.size()), '/');
    }
    call.query = std::move(request.query);
    call.body = std::move(request.body);
    return call;
}

std::string name_of(const discord_call& call) {
    const auto word = std::find_if_not(call.path.rbegin(), call.path.rend(), is_id);
    return call.method + ' ' + (word == call.path.rend() ? std::string() : *word);
}

bool is_callback(const discord_call& call) {
    const auto& path = call.path;
    return call.method == "POST" && path.size() == 4 && path[0] == "interactions" && path[3] == "callback";
}

std::string channel_of(const discord_call& call) {
    return call.path.size() >= 2 && call.path[0] == "channels" ? call.path[1] : std::string();
}

answer answer_discord_call(discord_state& discord, const discord_call& call) {
    // Whoever has a token of Discord's is no bot: discord.py sends no such User-Agent there.
    if (!is_by_token(call) && !call.user_agent.starts_with("DiscordBot (")) {
        return discord_refusal(403, 40333, "internal network error");
    }
    if (!is_by_token(call) && call.authorization != "Bot " + discord.bot().token) {
        return discord_refusal(401, 0, "401: Unauthorized");
    }
    return call.method == "GET" ? get(discord, call) : change(discord, call);
}

json::object to_json(const discord_refusal& refusal) {
    json::object made{{"message", refusal.message}, {"code", refusal.code}};
    if (!refusal.errors.empty()) {
        made["errors"] = refusal.errors;
    }
    return made;
}

} // namespace hallpass::sandbox
