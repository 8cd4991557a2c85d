#include "sandbox/discord_commands.hpp"

#include "sandbox/authorities_file.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/discord_payloads.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

using answer = outcome<json::value>;
using std::chrono::milliseconds;

// A person at a message.
struct place {
    discord_user user;
    discord_channel channel; // without its messages
    discord_message message;
};

json::object to_json(const discord_modal& modal) {
    return {{"id", modal.id},           {"user", modal.user},   {"channel", modal.channel},
            {"message", modal.message}, {"shown", modal.shown}, {"closed", modal.closed}};
}

json::object to_json(const discord_answer& said) {
    return {
        {"interaction", said.interaction},
        {"user", said.user},
        {"channel", said.channel},
        {"content", said.content},
        {"allowed_mentions", said.allowed_mentions},
        {"ephemeral", said.ephemeral},
        {"thinking", said.thinking}};
}

outcome<place> find_place(
    const discord_state& discord,
    const std::string& user,
    const std::string& channel,
    const std::string& message
) {
    place found;
    const auto people = discord.users();
    const auto person = std::ranges::find(people, user, &discord_user::id);
    auto where = discord.channel(channel);
    if (person == people.end() || !where) {
        return refusal{refusal_code::not_found, "Discord has no such user, or no such channel"};
    }
    const auto shown = std::ranges::find(where->messages, message, &discord_message::id);
    if (shown == where->messages.end()) {
        return refusal{refusal_code::not_found, "Discord has no such message in that channel"};
    }
    found.user = *person;
    found.message = *shown;
    where->messages.clear();
    found.channel = *std::move(where);
    return found;
}

discord_interaction begin(discord_state& discord, const place& at, bool of_form) {
    discord_interaction what;
    what.id = discord.issue_id();
    what.user = at.user.id;
    what.channel = at.channel.id;
    what.message = at.message.id;
    what.of_form = of_form;
    return discord.interactions().begin(std::move(what));
}

discord_delivery read_delivery(const json::object& body, json::object payload) {
    discord_delivery made;
    if (const std::string other = text_of(body, "application_id"); !other.empty()) {
        payload["application_id"] = other;
    }
    made.payload = std::move(payload);
    made.forged = flag_of(body, "forged", false);
    made.twice = flag_of(body, "twice", false);
    made.age = std::chrono::seconds(static_cast<long>(number_of(body, "age_s", 0)));
    made.deadline = milliseconds(static_cast<long>(number_of(body, "deadline_ms", 3000)));
    return made;
}

json::object told(const discord_delivered& given) {
    json::object out{{"status", given.status}, {"ms", given.took.count()}};
    if (given.again != 0) {
        out["again"] = given.again;
    }
    if (!given.problem.empty()) {
        out["problem"] = given.problem;
    }
    return out;
}

// What the app answered, where Discord takes it; why not, where it doesn't.
std::string take(discord_interactions& interactions, const std::string& id, const std::string& body) {
    boost::system::error_code error;
    const json::value said = json::parse(body, error);
    if (error) {
        return "the answer is not JSON";
    }
    const auto taken = interactions.take_response(id, said);
    return taken ? std::string() : taken.error().message;
}

// Until the app has said what it was thinking of.
boost::asio::awaitable<void>
settled(std::shared_ptr<const control_parts> parts, std::string id, milliseconds most) {
    const auto until = std::chrono::steady_clock::now() + most;
    while (!parts->pollers.is_closed()) {
        const auto said = parts->discord.interactions().answer_of(id);
        const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
        if (!said || !said->thinking || left.count() <= 0) {
            co_return;
        }
        co_await parts->pollers.wait_for(left);
    }
}

// Over the Gateway nobody answers the event itself: the answer comes by a call of its own.
boost::asio::awaitable<discord_delivered>
tell_by_gateway(std::shared_ptr<const control_parts> parts, std::string id, discord_delivery delivery) {
    discord_gateway& gateway = parts->discord_clicks.gateway();
    const auto began = std::chrono::steady_clock::now();
    gateway.tell(delivery.payload);
    if (delivery.twice) {
        gateway.tell(delivery.payload);
    }
    const auto took = [began] {
        return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
    };
    const discord_interactions& interactions = parts->discord.interactions();
    while (!interactions.is_answered(id) && took() < delivery.deadline && !parts->pollers.is_closed()) {
        co_await parts->pollers.wait_for(delivery.deadline - took());
    }
    discord_delivered told;
    told.took = took();
    if (interactions.is_answered(id)) {
        told.status = 200;
    } else {
        told.problem = "no answer came in time";
    }
    co_return told;
}

boost::asio::awaitable<json::object> deliver(
    std::shared_ptr<const control_parts> parts,
    json::object body,
    discord_interaction what,
    json::object payload
) {
    discord_delivery delivery = read_delivery(body, std::move(payload));
    const bool by_gateway = parts->discord_clicks.uses_gateway();
    discord_delivered given;
    if (by_gateway) {
        given = co_await tell_by_gateway(parts, what.id, std::move(delivery));
    } else {
        given = co_await parts->discord_clicks.send(std::move(delivery));
    }
    json::object out = told(given);
    discord_interactions& interactions = parts->discord.interactions();
    if (given.status == 200 && !by_gateway) {
        if (const std::string problem = take(interactions, what.id, given.body); !problem.empty()) {
            out["problem"] = problem;
        }
    }
    if (given.status == 200) {
        const auto most =
            milliseconds(static_cast<long>(number_of(body, "wait_ms", by_gateway ? 10'000 : 0)));
        co_await settled(parts, what.id, most);
    }
    const auto modal = interactions.modal_of(what.id);
    const auto said = interactions.answer_of(what.id);
    out["modal"] = modal ? json::value(to_json(*modal)) : json::value(nullptr);
    out["answer"] = said ? json::value(to_json(*said)) : json::value(nullptr);
    co_return out;
}

boost::asio::awaitable<answer> click(std::shared_ptr<const control_parts> parts, json::object body) {
    const outcome<place> at =
        find_place(parts->discord, text_of(body, "user"), text_of(body, "channel"), text_of(body, "message"));
    if (!at) {
        co_return at.error();
    }
    const std::string button = find_custom_id(at->message, text_of(body, "action"));
    if (button.empty()) {
        co_return refusal{refusal_code::not_found, "the message has no such button"};
    }
    const discord_interaction what = begin(parts->discord, *at, false);
    json::object payload =
        interaction_payload(what, at->user, at->channel, at->message, parts->discord.bot());
    payload["data"] = click_data(button);
    json::object out = co_await deliver(parts, std::move(body), what, std::move(payload));
    co_return json::value(std::move(out));
}

boost::asio::awaitable<answer> submit(std::shared_ptr<const control_parts> parts, json::object body) {
    discord_interactions& interactions = parts->discord.interactions();
    const auto modal = interactions.modal_of(text_of(body, "modal"));
    if (!modal || modal->closed) {
        co_return refusal{refusal_code::not_found, "no such form is open"};
    }
    const std::string who = text_of(body, "user");
    const outcome<place> at =
        find_place(parts->discord, who.empty() ? modal->user : who, modal->channel, modal->message);
    if (!at) {
        co_return at.error();
    }
    const json::value* given = body.if_contains("values");
    outcome<json::object> data =
        form_data(*modal, given != nullptr && given->is_object() ? given->get_object() : json::object());
    if (!data) {
        co_return data.error();
    }
    const discord_interaction what = begin(parts->discord, *at, true);
    json::object payload =
        interaction_payload(what, at->user, at->channel, at->message, parts->discord.bot());
    payload["data"] = *std::move(data);
    json::object out = co_await deliver(parts, std::move(body), what, std::move(payload));
    // Without an answer that it takes, Discord leaves the form open and says that something went wrong.
    if (out.at("answer").is_object()) {
        interactions.close_modal(modal->id);
    }
    co_return json::value(std::move(out));
}

answer set_callback(const control_parts& parts, const json::object& body) {
    const std::string url = text_of(body, "url");
    if (url.empty()) {
        return refusal{refusal_code::invalid_argument, "a callback needs a url"};
    }
    const outcome<std::string> authorities = read_authorities(body);
    if (!authorities) {
        return authorities.error();
    }
    parts.discord_clicks.set_target(url, *authorities);
    return json::value(json::object{
        {"ok", true},
        {"public_key", parts.discord_clicks.public_key()},
        {"application_id", parts.discord.bot().application_id}});
}

answer use_gateway(const control_parts& parts, const control_command& command) {
    discord_gateway& gateway = parts.discord_clicks.gateway();
    const json::object& body = command.body;
    const std::string what = text_of(body, "do");
    const auto number = [&](std::string_view key) {
        return static_cast<std::int64_t>(number_of(body, key, 0));
    };
    if (command.method == "GET") {
        return json::value(gateway.view());
    }
    if (what == "reconnect") {
        gateway.ask_to_reconnect();
    } else if (what == "invalid_session") {
        gateway.end_sessions(flag_of(body, "resumable", false));
    } else if (what == "cut") {
        gateway.cut();
    } else if (what == "close") {
        const int code = static_cast<int>(number_of(body, "code", 4000));
        gateway.refuse_identifies_with(flag_of(body, "stays", false) ? code : 0);
        gateway.close_all(code);
    } else if (what == "stop_acks") {
        gateway.stop_acks(flag_of(body, "stopped", true));
    } else if (what == "heartbeat_ms") {
        gateway.set_heartbeat(number("ms"));
    } else if (what == "remaining") {
        gateway.set_remaining(number("remaining"), number("reset_after_ms"));
    } else {
        return refusal{refusal_code::invalid_argument, "nothing that can be done to the Gateway"};
    }
    return json::value(gateway.view());
}

json::array shown_modals(discord_state& discord) {
    json::array all;
    for (const discord_modal& modal : discord.interactions().modals()) {
        all.push_back(to_json(modal));
    }
    return all;
}

json::array shown_answers(discord_state& discord) {
    json::array all;
    for (const discord_answer& said : discord.interactions().answers()) {
        all.push_back(to_json(said));
    }
    return all;
}

} // namespace

bool is_discord_use(const control_command& command) noexcept {
    if (command.path.size() != 2 || command.path[0] != "discord") {
        return false;
    }
    const std::string& what = command.path[1];
    if (what == "gateway") {
        return command.method == "POST" || command.method == "GET";
    }
    return command.method == "POST" ? what == "click" || what == "submit" || what == "callback"
                                    : command.method == "GET" && (what == "modals" || what == "answers");
}

boost::asio::awaitable<answer>
run_discord_use(std::shared_ptr<const control_parts> parts, control_command command) {
    const std::string what = command.path[1];
    if (what == "modals") {
        co_return json::value(shown_modals(parts->discord));
    }
    if (what == "answers") {
        co_return json::value(shown_answers(parts->discord));
    }
    if (what == "gateway") {
        co_return use_gateway(*parts, command);
    }
    if (what == "callback") {
        co_return set_callback(*parts, command.body);
    }
    if (what == "click") {
        answer clicked = co_await click(parts, command.body);
        co_return clicked;
    }
    answer submitted = co_await submit(parts, command.body);
    co_return submitted;
}

} // namespace hallpass::sandbox
