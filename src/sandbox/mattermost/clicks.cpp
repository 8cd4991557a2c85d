#include "sandbox/mattermost/clicks.hpp"

#include "sandbox/cluster_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <utility>

namespace hallpass::sandbox::mattermost {

namespace json = boost::json;

namespace {

using answer = sandbox::outcome<json::value>;

sandbox::refusal not_found(const std::string& what) {
    return {refusal_code::not_found, "Mattermost has no such " + what};
}

const json::object& object_in(const json::object& from, const char* name) {
    static const json::object none;
    const json::value* found = from.if_contains(name);
    return found != nullptr && found->is_object() ? found->get_object() : none;
}

// What the button calls: nothing where the post has no such button.
std::optional<json::object> block_action_of(const post& shown, const std::string& action_id) {
    const json::object& known = object_in(shown.versions.back().props, "mm_blocks_actions");
    const json::value* found = known.if_contains(action_id);
    return found == nullptr ? std::nullopt : std::optional(found->as_object());
}

std::optional<json::object> integration_of(const post& shown, const std::string& action_id) {
    const json::value* attachments = shown.versions.back().props.if_contains("attachments");
    for (const json::value& one :
         attachments && attachments->is_array() ? attachments->get_array() : json::array()) {
        const json::value* actions = one.is_object() ? one.get_object().if_contains("actions") : nullptr;
        for (const json::value& action :
             actions && actions->is_array() ? actions->get_array() : json::array()) {
            if (text_of(action.as_object(), "id") == action_id) {
                return action.at("integration").as_object();
            }
        }
    }
    return std::nullopt;
}

std::string text_or(const json::object& from, const char* name, const std::string& otherwise) {
    return from.contains(name) ? text_of(from, name) : otherwise;
}

json::object
click_body(const state& at, const post& shown, const json::object& integration, const json::object& asked) {
    const std::string user_id = text_of(asked, "user");
    const channel* where = at.find_channel(shown.channel);
    const user* who = at.find_user(user_id);
    json::object context = object_in(integration, "context");
    for (const auto& [name, value] : object_in(asked, "context")) {
        context[name] = value;
    }
    const triggers others; // whose signature this server doesn't know
    const triggers& issuer = flag_of(asked, "forged_trigger", false) ? others : at.issued;
    const auto age = std::chrono::milliseconds(static_cast<long>(number_of(asked, "age_s", 0) * 1000));
    return {
        {"user_id", text_or(asked, "as", user_id)},
        {"user_name", who == nullptr ? "" : who->name},
        {"channel_id", shown.channel},
        {"channel_name", where == nullptr ? "" : where->name},
        {"team_id", where == nullptr ? "" : where->team},
        {"team_domain", where == nullptr || where->team.empty() ? "" : team_name},
        {"post_id", shown.id},
        {"trigger_id", issuer.issue(text_or(asked, "trigger_user", user_id), age)},
        {"type", "button"},
        {"data_source", ""},
        {"context", std::move(context)}};
}

} // namespace

json::object to_json(const dialog& shown) {
    return {{"id", shown.id},     {"user", shown.user},       {"url", shown.url},
            {"open", shown.open}, {"problem", shown.problem}, {"dialog", shown.shown}};
}

// What the person sees as an error: anything but 200, and an answer that isn't JSON.
boost::asio::awaitable<json::object> clicks::call(std::string url, std::string body) {
    ports::http_request request(ports::http_method::post, std::move(url));
    request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    request.body = std::move(body);
    request.deadline = at_.settings.integration_timeout;
    const posted_answer given = co_await poster_.post(std::move(request));
    json::object told{{"status", given.status}, {"ms", given.took.count()}, {"problem", given.problem}};
    boost::system::error_code error;
    json::value said = given.body.empty() ? json::value(json::object()) : json::parse(given.body, error);
    if (given.status == 200 && (error || !said.is_object())) {
        told["problem"] = "the answer is no JSON object";
    }
    told["answer"] = !error && said.is_object() ? std::move(said) : json::value(json::object());
    co_return told;
}

void clicks::obey_click(const json::object& answered, const std::string& user, const std::string& post_id) {
    const post* about = at_.find_post(post_id);
    if (about == nullptr) {
        return;
    }
    if (const std::string words = text_of(answered, "ephemeral_text"); !words.empty()) {
        at_.add_ephemeral(user, about->channel, words);
    }
    if (answered.contains("update")) {
        at_.patch(post_id, object_in(answered, "update"));
    }
}

boost::asio::awaitable<answer> clicks::click(json::object asked) {
    const std::string user_id = text_of(asked, "user");
    const post* shown = at_.find_post(text_of(asked, "post"));
    if (at_.find_user(user_id) == nullptr || shown == nullptr) {
        co_return not_found(shown == nullptr ? "post" : "user");
    }
    const std::string action = text_of(asked, "action");
    // A client that knows blocks draws them in the place of attachments.
    const bool by_block = at_.settings.blocks && text_of(asked, "format") != "attachment" &&
                          shown->versions.back().props.contains("mm_blocks");
    const auto integration = by_block ? block_action_of(*shown, action) : integration_of(*shown, action);
    if (!integration) {
        co_return not_found("button at that post");
    }
    const std::string post_id = shown->id;
    const std::string channel_id = shown->channel;
    if (!flag_of(asked, "replay", false)) {
        last_click_ = json::serialize(click_body(at_, *shown, *integration, asked));
    }
    const std::string body = last_click_;
    const std::string url = text_of(*integration, "url");
    json::object told = co_await call(url, body);
    if (told.at("status") == 200) {
        obey_click(told.at("answer").as_object(), user_id, post_id);
    }
    const std::string trigger = text_of(json::parse(body).as_object(), "trigger_id");
    dialog* opened = at_.find_dialog(at_.opened_by(trigger));
    if (opened != nullptr) {
        opened->channel = channel_id;
    }
    told["dialog"] = opened == nullptr ? json::value(nullptr) : json::value(to_json(*opened));
    co_return json::value(std::move(told));
}

boost::asio::awaitable<answer> clicks::submit(json::object asked) {
    const std::string id = text_of(asked, "dialog");
    const dialog* shown = at_.find_dialog(id);
    if (shown == nullptr || !(shown->open || flag_of(asked, "replay", false))) {
        co_return not_found("open dialog");
    }
    const channel* where = at_.find_channel(shown->channel);
    const json::object body{
        {"type", "dialog_submission"},
        {"callback_id", text_of(shown->shown, "callback_id")},
        {"state", text_or(asked, "state", text_of(shown->shown, "state"))},
        {"user_id", text_or(asked, "as", text_or(asked, "user", shown->user))},
        {"channel_id", shown->channel},
        {"team_id", where == nullptr ? "" : where->team},
        {"submission", object_in(asked, "values")},
        {"cancelled", false}};
    if (!flag_of(asked, "replay", false)) {
        last_submission_ = json::serialize(body);
    }
    const std::string sent = last_submission_;
    const std::string url = shown->url;
    json::object told = co_await call(url, sent);
    dialog* after = at_.find_dialog(id); // others may have come meanwhile
    if (after != nullptr && told.at("status") == 200) {
        const json::object& answered = told.at("answer").as_object();
        std::string problem = text_of(answered, "error");
        for (const auto& [name, words] : object_in(answered, "errors")) {
            problem.append(problem.empty() ? "" : "; ").append(name).append(": ");
            problem.append(words.is_string() ? std::string(words.get_string()) : "?");
        }
        after->open = !problem.empty();
        after->problem = std::move(problem);
    }
    told["open"] = after != nullptr && after->open;
    co_return json::value(std::move(told));
}

} // namespace hallpass::sandbox::mattermost
