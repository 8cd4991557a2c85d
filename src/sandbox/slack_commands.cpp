#include "sandbox/slack_commands.hpp"

#include "base/text.hpp"
#include "sandbox/authorities_file.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/random_id.hpp"
#include "sandbox/slack_payloads.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

using answer = outcome<json::value>;

// "secret", "age_s" and "deadline_ms" are for forged, replayed and slow ones.
callback_request read_callback_request(const json::object& body, json::object payload) {
    callback_request request;
    request.payload = std::move(payload);
    if (const std::string secret = text_of(body, "secret"); !secret.empty()) {
        request.secret = secret;
    }
    request.age = std::chrono::seconds(static_cast<long>(number_of(body, "age_s", 0)));
    request.deadline = std::chrono::milliseconds(static_cast<long>(number_of(body, "deadline_ms", 3000)));
    return request;
}

json::object told(const callback_answer& given) {
    json::object out{{"status", given.status}, {"ms", given.took.count()}};
    if (!given.problem.empty()) {
        out["problem"] = given.problem;
    }
    return out;
}

outcome<slack_click_event> find_click(const control_parts& parts, const json::object& body) {
    slack_click_event click;
    const auto user = parts.slack.user_by_id(text_of(body, "user"));
    if (!user) {
        return refusal{refusal_code::not_found, "Slack has no such user"};
    }
    click.user = *user;
    const std::string ts = text_of(body, "ts");
    bool found = false;
    parts.slack.read_channel(text_of(body, "channel"), [&](const slack_channel& channel) {
        click.channel.id = channel.id;
        click.channel.name = channel.name;
        click.channel.im_user = channel.im_user;
        const auto message = std::ranges::find(channel.messages, ts, &slack_message::ts);
        if (message != channel.messages.end()) {
            click.message = *message;
            found = true;
        }
    });
    if (!found) {
        return refusal{refusal_code::not_found, "Slack has no such message in that channel"};
    }
    auto button = find_button(click.message.blocks, text_of(body, "action"));
    if (!button) {
        return refusal{refusal_code::not_found, "the message has no such button"};
    }
    click.button = *std::move(button);
    return click;
}

bool was_told_privately(const slack_state& slack, const slack_click_event& click) {
    bool told = false;
    slack.read_channel(click.channel.id, [&](const slack_channel& channel) {
        for (auto it = channel.messages.rbegin(); it != channel.messages.rend() && !told; ++it) {
            if (it->ts <= click.action_ts) {
                break;
            }
            told = it->ephemeral_for == click.user.id;
        }
    });
    return told;
}

// Until the click's trigger has opened a view, the user is told something, or neither can be any more.
boost::asio::awaitable<std::string> opened_view(
    std::shared_ptr<const control_parts> parts, slack_click_event click, std::chrono::milliseconds most
) {
    const auto until = std::chrono::steady_clock::now() + most;
    while (!parts->pollers.is_closed()) {
        std::string id = parts->slack.dialogs().opened_by(click.trigger_id);
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (!id.empty() || left.count() <= 0 || was_told_privately(parts->slack, click)) {
            co_return id;
        }
        co_await parts->pollers.wait_for(left);
    }
    co_return std::string();
}

json::value shown_view(slack_state& slack, const std::string& id) {
    const auto view = slack.dialogs().view(id);
    return view && !view->closed ? json::value(to_json(*view)) : json::value(nullptr);
}

boost::asio::awaitable<answer> click(std::shared_ptr<const control_parts> parts, json::object body) {
    outcome<slack_click_event> found = find_click(*parts, body);
    if (!found) {
        co_return found.error();
    }
    slack_click_event event = *std::move(found);
    event.trigger_id = parts->slack.dialogs().issue_trigger(event.user.id);
    event.response_url = "https://hooks.slack.com/actions/T0SANDBOX/" + random_uuid();
    event.action_ts = slack_now();
    json::object payload = block_actions_payload(event, parts->slack.bot());
    callback_request request = read_callback_request(body, std::move(payload));
    const callback_answer given = co_await parts->callback.send(std::move(request));
    json::object out = told(given);
    std::string view;
    if (given.status == 200) {
        const auto most = std::chrono::milliseconds(static_cast<long>(number_of(body, "wait_ms", 3000)));
        view = co_await opened_view(parts, event, most);
    }
    out["view"] = shown_view(parts->slack, view);
    co_return json::value(std::move(out));
}

// What Slack does with the answer to a submission; the id of the view that is to be seen then.
outcome<std::string> obey(slack_dialogs& dialogs, const slack_view& view, const json::value& said) {
    const json::object* order = said.if_object();
    const std::string action = order == nullptr ? std::string() : text_of(*order, "response_action");
    if (action == "errors") {
        return view.id;
    }
    if (action == "update" || action == "push") {
        const json::value* given = order->if_contains("view");
        const json::object next =
            given != nullptr && given->is_object() ? given->get_object() : json::object();
        const auto done =
            action == "update" ? dialogs.update(view.id, {}, next) : dialogs.push(view.user, next);
        if (!done) {
            return refusal{refusal_code::invalid_argument, done.error().error + ' ' + done.error().detail};
        }
        return done->id;
    }
    if (!action.empty() && action != "clear") {
        return refusal{refusal_code::invalid_argument, "no such response_action: " + one_line(action)};
    }
    dialogs.close(view.id);
    return std::string();
}

boost::asio::awaitable<answer> submit(std::shared_ptr<const control_parts> parts, json::object body) {
    slack_dialogs& dialogs = parts->slack.dialogs();
    const auto view = dialogs.view(text_of(body, "view_id"));
    if (!view || view->closed) {
        co_return refusal{refusal_code::not_found, "no such view is open"};
    }
    const std::string who = text_of(body, "user");
    const auto user = parts->slack.user_by_id(who.empty() ? view->user : who);
    if (!user) {
        co_return refusal{refusal_code::not_found, "Slack has no such user"};
    }
    const json::value* given = body.if_contains("values");
    const outcome<json::object> values = filled_values(
        view->shown, given != nullptr && given->is_object() ? given->get_object() : json::object()
    );
    if (!values) {
        co_return values.error();
    }
    const std::string trigger = dialogs.issue_trigger(user->id);
    json::object payload = view_submission_payload(*view, *values, *user, trigger, parts->slack.bot());
    callback_request request = read_callback_request(body, std::move(payload));
    const callback_answer answered = co_await parts->callback.send(std::move(request));
    json::object out = told(answered);
    boost::system::error_code error;
    json::value said = answered.body.empty() ? json::value(nullptr) : json::parse(answered.body, error);
    std::string after = view->id;
    if (answered.status == 200 && error) {
        out["problem"] = "the answer is not JSON";
    } else if (answered.status == 200) {
        const outcome<std::string> seen = obey(dialogs, *view, said);
        after = seen ? *seen : view->id;
        if (!seen) {
            out["problem"] = seen.error().text;
        }
    }
    out["answer"] = std::move(said);
    out["view"] = shown_view(parts->slack, after);
    co_return json::value(std::move(out));
}

// Slack tells an app of it only where the view asks for that, and none of hallpass's does.
answer close(slack_dialogs& dialogs, const json::object& body) {
    const std::string id = text_of(body, "view_id");
    if (!dialogs.view(id)) {
        return refusal{refusal_code::not_found, "Slack has no such view"};
    }
    dialogs.close(id);
    return json::value(json::object{{"ok", true}});
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
    parts.callback.set_target(url, *authorities);
    return json::value(json::object{{"ok", true}, {"signing_secret", sandbox_signing_secret}});
}

// GET shows the connections of Socket Mode; POST says whether they are preferred to a Request URL, tells them
// anything or to go, or cuts them.
answer use_sockets(const control_parts& parts, const control_command& command) {
    slack_sockets& sockets = parts.callback.sockets();
    const std::string what = command.path.size() > 2 ? command.path[2] : std::string();
    if (command.method == "POST" && what.empty()) {
        sockets.prefer(flag_of(command.body, "prefer", false));
    } else if (command.method == "POST" && what == "say") {
        sockets.say(text_of(command.body, "text"));
    } else if (command.method == "POST" && what == "disconnect") {
        const auto after =
            std::chrono::milliseconds(static_cast<long>(number_of(command.body, "closed_after_ms", 1000)));
        const std::string reason = text_of(command.body, "reason");
        sockets.disconnect(reason.empty() ? "refresh_requested" : reason, after);
    } else if (command.method == "POST" && what == "cut") {
        sockets.cut();
    } else if (command.method != "GET" || !what.empty()) {
        return refusal{refusal_code::not_found, "no such command"};
    }
    return json::value(sockets.view());
}

} // namespace

bool is_slack_use(const control_command& command) noexcept {
    constexpr std::string_view uses[] = {"click", "submit", "close", "callback"};
    if (command.path.size() < 2 || command.path[0] != "slack") {
        return false;
    }
    const bool used = command.path.size() == 2 && std::ranges::find(uses, command.path[1]) != std::end(uses);
    return command.path[1] == "socket" || (used && command.method == "POST");
}

boost::asio::awaitable<answer>
run_slack_use(std::shared_ptr<const control_parts> parts, control_command command) {
    const std::string what = command.path[1];
    if (what == "socket") {
        co_return use_sockets(*parts, command);
    }
    if (what == "callback") {
        co_return set_callback(*parts, command.body);
    }
    if (what == "close") {
        co_return close(parts->slack.dialogs(), command.body);
    }
    if (what == "click") {
        answer clicked = co_await click(parts, command.body);
        co_return clicked;
    }
    answer submitted = co_await submit(parts, command.body);
    co_return submitted;
}

json::object to_json(const slack_view& view) {
    json::object out = view.shown;
    out["user"] = view.user;
    out["closed"] = view.closed;
    return out;
}

json::array view_dialogs(slack_state& slack, bool open_only) {
    json::array all;
    for (const slack_view& view : slack.dialogs().views()) {
        if (!open_only || !view.closed) {
            all.push_back(to_json(view));
        }
    }
    return all;
}

} // namespace hallpass::sandbox
