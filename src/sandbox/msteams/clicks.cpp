#include "sandbox/msteams/clicks.hpp"

#include "base/time.hpp"
#include "sandbox/authorities_file.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/random_id.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace hallpass::sandbox::msteams {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

using answer = outcome<json::value>;

const json::object& object_at(const json::object& in, std::string_view name) {
    static const json::object none;
    const json::value* found = in.if_contains(name);
    return found && found->is_object() ? found->get_object() : none;
}

void collect(const json::object& in, std::vector<const json::object*>& into) {
    for (const std::string_view name : {"body", "items", "actions"}) {
        const json::value* list = in.if_contains(name);
        if (!list || !list->is_array()) {
            continue;
        }
        for (const json::value& one : list->get_array()) {
            if (one.is_object()) {
                into.push_back(&one.get_object());
                collect(one.get_object(), into);
            }
        }
    }
}

const json::object* find_action(const json::object& card, const std::string& wanted) {
    if (wanted == "refresh") {
        const json::object& refresh = object_at(card, "refresh");
        return refresh.contains("action") ? &object_at(refresh, "action") : nullptr;
    }
    for (const json::object* part : parts_of(card)) {
        if (text_of(*part, "type") == "Action.Execute" && text_of(*part, "verb").ends_with('_' + wanted)) {
            return part;
        }
    }
    return nullptr;
}

// The action's own data, with what was filled in: inputs by their ids, or by what their ids end with.
json::object filled(const json::object& card, const json::object& action, const json::object& values) {
    json::object data = object_at(action, "data");
    for (const json::object* part : parts_of(card)) {
        if (!text_of(*part, "type").starts_with("Input.")) {
            continue;
        }
        const std::string id = text_of(*part, "id");
        for (const json::key_value_pair& value : values) {
            if (id == value.key() || id.ends_with('_' + std::string(value.key()))) {
                // Teams sends everything as text.
                data[id] = value.value().is_bool() ? json::value(value.value().get_bool() ? "true" : "false")
                                                   : value.value();
            }
        }
    }
    return data;
}

std::int64_t seconds_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch(
                                                            ))
        .count();
}

} // namespace

const json::object& card_of(const posted_message& message) {
    static const json::object none;
    const json::value* attachments = message.activity.if_contains("attachments");
    if (!attachments || !attachments->is_array() || attachments->get_array().empty() ||
        !attachments->get_array().front().is_object()) {
        return none;
    }
    return object_at(attachments->get_array().front().get_object(), "content");
}

std::vector<const json::object*> parts_of(const json::object& card) {
    std::vector<const json::object*> all;
    collect(card, all);
    return all;
}

clicks::clicks(boost::asio::any_io_executor executor, ports::log& out, state& teams, const signer& keys)
    : teams_(teams), keys_(keys), poster_(std::move(executor), out) {}

answer clicks::set_target(const json::object& body) {
    const std::string url = text_of(body, "url");
    if (url.empty()) {
        return refusal{refusal_code::invalid_argument, "a callback needs a url"};
    }
    const outcome<std::string> authorities = read_authorities(body);
    if (!authorities) {
        return authorities.error();
    }
    poster_.trust(*authorities);
    url_ = url;
    return json::value(json::object{{"ok", true}});
}

std::string clicks::token_for(const std::string& forge) const {
    const std::int64_t now = seconds_now();
    json::object claims{
        {"iss", "https://api.botframework.com"},
        {"aud", app_id},
        {"nbf", now - 300},
        {"exp", now + 3600},
        {"serviceurl", service_url_}};
    if (forge == "audience") {
        claims["aud"] = "11111111-2222-3333-4444-555555555555";
    } else if (forge == "issuer") {
        claims["iss"] = "https://sts.windows.net/" + std::string(tenant_id) + '/';
    } else if (forge == "expired") {
        claims["nbf"] = now - 7200;
        claims["exp"] = now - 3600;
    } else if (forge == "service_url") {
        claims["serviceurl"] = "https://elsewhere.example/";
    }
    return keys_.sign(
        claims, forge == "signature" ? signer::with::unknown_key
                : forge == "old_key" ? signer::with::old_key
                                     : signer::with::newest
    );
}

json::object clicks::activity_of(
    const person& who,
    const conversation& in,
    const posted_message& message,
    const json::object& action,
    const json::object& wanted
) const {
    const std::string forge = text_of(wanted, "forge");
    const std::string tenant = who.elsewhere || forge == "tenant" ? other_tenant : tenant_id;
    const std::string verb = text_of(action, "verb");
    const std::string trigger = text_of(wanted, "trigger");
    const std::string id = text_of(wanted, "activity_id");
    const bool personal = !in.person.empty();
    json::object done{
        {"type", "Action.Execute"},
        {"verb", verb},
        {"data", filled(card_of(message), action, object_at(wanted, "values"))}};
    return json::object{
        {"type", "invoke"},
        {"name", "adaptiveCard/action"},
        {"id", id.empty() ? "f:" + random_uuid() : id},
        {"timestamp",
         to_rfc3339(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()))},
        {"channelId", forge == "endorsement" ? "webex" : "msteams"},
        {"serviceUrl", service_url_},
        {"from", json::object{{"id", "29:" + who.id}, {"name", who.name}, {"aadObjectId", who.id}}},
        {"conversation",
         json::object{
             {"id", personal ? in.id : in.id + ";messageid=" + message.id},
             {"conversationType", personal ? "personal" : "channel"},
             {"tenantId", tenant}}},
        {"recipient", json::object{{"id", std::string("28:") + app_id}, {"name", "hallpass"}}},
        {"replyToId", message.id},
        {"channelData", json::object{{"tenant", json::object{{"id", tenant}}}}},
        {"value", json::object{
                      {"action", std::move(done)},
                      {"trigger", !trigger.empty()             ? trigger
                                  : verb.ends_with("_refresh") ? "automatic"
                                                               : "manual"}}}};
}

// What Teams does with the answer; why it would show an error instead.
std::string clicks::show(const person& who, const json::value& said) {
    const json::object* body = said.if_object();
    if (body == nullptr || !body->contains("type") || !body->contains("value")) {
        return "the answer is no answer to an invoke";
    }
    const std::string type = text_of(*body, "type");
    const double inner = number_of(*body, "statusCode", 200);
    if (type == "application/vnd.microsoft.activity.message" && inner == 200) {
        teams_.notices.push_back({who.id, text_of(*body, "value")});
        return text_of(*body, "value").empty() ? "an empty message" : "";
    }
    if (type == "application/vnd.microsoft.card.adaptive" && inner == 200) {
        return "";
    }
    return "an error: " + json::serialize(*body);
}

boost::asio::awaitable<answer> clicks::click(json::object wanted) {
    if (url_.empty()) {
        co_return refusal{
            refusal_code::failed_precondition, "no callback is set; use POST /msteams/callback"};
    }
    const person* found = teams_.find_person(text_of(wanted, "user"));
    conversation* in = nullptr;
    const posted_message* message = teams_.find_message(text_of(wanted, "activity"), &in);
    if (found == nullptr || message == nullptr) {
        co_return refusal{refusal_code::not_found, "Teams has no such user or message"};
    }
    const json::object* action = find_action(card_of(*message), text_of(wanted, "action"));
    if (action == nullptr) {
        co_return refusal{refusal_code::not_found, "the message has no such action"};
    }
    const person who = *found; // the state may change meanwhile
    const std::string forge = text_of(wanted, "forge");
    const std::string raw = text_of(wanted, "raw");
    ports::http_request request(ports::http_method::post, url_);
    request.body = raw.empty() ? json::serialize(activity_of(who, *in, *message, *action, wanted)) : raw;
    request.headers = {
        {"Content-Type", "application/json; charset=utf-8"},
        {"User-Agent", "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)"}};
    if (forge != "no_token") {
        request.headers.emplace_back("Authorization", "Bearer " + token_for(forge));
    }
    request.deadline = 10s;
    const posted_answer given = co_await poster_.post(std::move(request));
    json::object out{{"status", given.status}, {"ms", given.took.count()}};
    if (!given.problem.empty()) {
        out["problem"] = given.problem;
    }
    if (given.status == 200) {
        boost::system::error_code error;
        json::value said = json::parse(given.body, error);
        const std::string problem = error ? "the answer is not JSON" : show(who, said);
        if (!problem.empty()) {
            out["problem"] = problem;
        }
        out["answer"] = std::move(said);
    }
    co_return json::value(std::move(out));
}

boost::asio::awaitable<void> clicks::close() {
    co_await poster_.close();
}

} // namespace hallpass::sandbox::msteams
