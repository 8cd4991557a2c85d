#include "base/text.hpp"
#include "sandbox/msteams/calls.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace hallpass::sandbox::msteams {

namespace json = boost::json;

namespace {

constexpr std::size_t largest_activity = std::size_t{28} * 1024;

net::server_response bad(std::string_view why) {
    return refusal_of(400, "BadSyntax", why);
}

std::string text_at(const json::object& in, std::string_view name) {
    const json::value* found = in.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::optional<json::object> parse_object(const std::string& text) {
    boost::system::error_code error;
    json::value parsed = json::parse(text, error);
    return error || !parsed.is_object() ? std::nullopt : std::optional(std::move(parsed.get_object()));
}

// "" where Teams takes it.
std::string problem_with(const json::object& activity) {
    if (text_at(activity, "type") != "message") {
        return "type must be message";
    }
    const json::value* attachments = activity.if_contains("attachments");
    if (!attachments || !attachments->is_array() || attachments->get_array().size() != 1 ||
        !attachments->get_array().front().is_object()) {
        return "one attachment is needed";
    }
    const json::object& one = attachments->get_array().front().get_object();
    const json::value* content = one.if_contains("content");
    if (text_at(one, "contentType") != "application/vnd.microsoft.card.adaptive" || !content ||
        !content->is_object()) {
        return "the attachment is no Adaptive Card";
    }
    return problem_with_card(content->get_object());
}

std::string next_id(state& teams) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    return std::to_string(ms * 1000 + ++teams.last_id % 1000);
}

net::server_response make_conversation(state& teams, const json::object& body) {
    const json::value* members = body.if_contains("members");
    const bool one = members && members->is_array() && members->get_array().size() == 1 &&
                     members->get_array().front().is_object();
    person* whose =
        one ? teams.find_person(text_at(members->get_array().front().get_object(), "id")) : nullptr;
    if (whose == nullptr || whose->elsewhere || text_at(body, "tenantId") != tenant_id) {
        return bad("Bad format of conversation ID");
    }
    return json_answer(201, json::object{{"id", teams.chat_of(*whose).id}});
}

// Where it goes, and below which message.
struct place {
    conversation* in = nullptr;
    std::string below;
};

place place_of(state& teams, const std::string& written) {
    constexpr std::string_view mark = ";messageid=";
    const std::size_t at = written.find(mark);
    place found;
    found.in = teams.find_conversation(written.substr(0, at));
    if (at != std::string::npos) {
        found.below = written.substr(at + mark.size());
    }
    return found;
}

net::server_response check_place(state& teams, const place& to) {
    if (to.in == nullptr) {
        return refusal_of(404, "ConversationNotFound", "Conversation not found.");
    }
    if (const person* whose = teams.find_person(to.in->person)) {
        if (whose->blocks_app) {
            return json_answer(
                403, json::object{{"errorCode", 209}, {"message", "{\"subCode\":\"MessageWritesBlocked\"}"}}
            );
        }
        if (whose->installation.empty()) {
            return refusal_of(403, "BotNotInConversationRoster", "The bot is not part of the roster.");
        }
    }
    return net::server_response(200);
}

net::server_response post(state& teams, const place& to, json::object activity) {
    if (!to.below.empty() && teams.find_message(to.below) == nullptr) {
        return refusal_of(404, "ActivityNotFoundInConversation", "No such message");
    }
    posted_message made;
    made.id = next_id(teams);
    made.below = to.below;
    made.activity = std::move(activity);
    const std::string id = made.id;
    to.in->messages.push_back(std::move(made));
    return json_answer(201, json::object{{"id", id}});
}

net::server_response update(state& teams, const place& to, const std::string& id, json::object activity) {
    conversation* in = nullptr;
    posted_message* found = teams.find_message(id, &in);
    if (found == nullptr || in != to.in) {
        return refusal_of(404, "ActivityNotFoundInConversation", "No such message");
    }
    found->earlier.push_back(std::move(found->activity));
    found->activity = std::move(activity);
    return json_answer(200, json::object{{"id", id}});
}

} // namespace

net::server_response answer_connector(state& teams, const api_call& call) {
    const auto token = teams.tokens.find(call.bearer);
    if (token == teams.tokens.end() || token->second != "bot") {
        return refusal_of(401, "Unauthorized", "Authorization has been denied for this request.");
    }
    if (call.body.size() > largest_activity) {
        return refusal_of(413, "MessageSizeTooBig", "Message size too large.");
    }
    auto body = parse_object(call.body);
    const std::vector<std::string>& path = call.path;
    if (!body || path.empty() || path[0] != "conversations") {
        return bad("no such call");
    }
    if (path.size() == 1 && call.method == "POST") {
        return make_conversation(teams, *body);
    }
    const bool posts = call.method == "POST" && path.size() == 3;
    const bool updates = call.method == "PUT" && path.size() == 4;
    if (path.size() < 3 || path[2] != "activities" || (!posts && !updates)) {
        return bad("no such call");
    }
    const place to = place_of(teams, path[1]);
    if (net::server_response refused = check_place(teams, to); refused.status != 200) {
        return refused;
    }
    if (const std::string problem = problem_with(*body); !problem.empty()) {
        return bad(problem);
    }
    return posts ? post(teams, to, *std::move(body)) : update(teams, to, path[3], *std::move(body));
}

} // namespace hallpass::sandbox::msteams
