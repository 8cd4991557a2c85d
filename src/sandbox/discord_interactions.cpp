#include "sandbox/discord_interactions.hpp"

#include "sandbox/cluster_json.hpp"
#include "sandbox/discord_response_check.hpp"
#include "sandbox/random_id.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto answer_within = 3s;
constexpr auto token_lasts = 15min;
constexpr int ephemeral = 64;

discord_refusal unknown_interaction() {
    return {404, 10062, "Unknown interaction"};
}

json::object object_in(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found != nullptr && found->is_object() ? found->get_object() : json::object();
}

discord_answer said_by(const discord_interaction& what, const json::object& response) {
    const json::object data = object_in(response, "data");
    const int type = static_cast<int>(number_of(response, "type", 0));
    discord_answer made;
    made.interaction = what.id;
    made.user = what.user;
    made.channel = what.channel;
    made.content = text_of(data, "content");
    made.allowed_mentions = object_in(data, "allowed_mentions");
    made.ephemeral = (static_cast<int>(number_of(data, "flags", 0)) & ephemeral) != 0;
    made.thinking = type == 5;
    return made;
}

} // namespace

discord_interactions::discord_interactions(change_signal& changes, std::string application, steady_now now)
    : changes_(changes), application_(std::move(application)), now_(std::move(now)) {}

discord_interaction discord_interactions::begin(discord_interaction what) {
    const std::lock_guard lock(mutex_);
    what.token = "aW50ZXJhY3Rpb24." + random_uuid() + random_uuid();
    begun_[what.id] = kept{what, now_(), false};
    return what;
}

discord_outcome<void>
discord_interactions::take_response(const std::string& id, const json::value& response) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = begun_.find(id);
        if (found == begun_.end() || now_() - found->second.begun > answer_within) {
            return unknown_interaction();
        }
        if (found->second.answered) {
            return discord_refusal(400, 40060, "Interaction has already been acknowledged.");
        }
        const discord_interaction& what = found->second.what;
        if (const std::string problem = problem_of_response(response, what.of_form); !problem.empty()) {
            return discord_refusal(400, 50035, "Invalid Form Body: " + problem);
        }
        found->second.answered = true;
        const json::object& said = response.get_object();
        if (number_of(said, "type", 0) == 9) {
            modals_[id] = discord_modal{id, what.user, what.channel, what.message, object_in(said, "data")};
        } else {
            answers_[id] = said_by(what, said);
        }
    }
    changes_.changed();
    return {};
}

discord_outcome<void> discord_interactions::take_callback(
    const std::string& id, const std::string& token, const json::value& response
) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = begun_.find(id);
        if (found == begun_.end() || found->second.what.token != token) {
            return unknown_interaction();
        }
    }
    return take_response(id, response);
}

bool discord_interactions::is_answered(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = begun_.find(id);
    return found != begun_.end() && found->second.answered;
}

discord_outcome<discord_answer>
discord_interactions::original(const std::string& application, const std::string& token) const {
    const std::lock_guard lock(mutex_);
    const auto found =
        std::ranges::find_if(begun_, [&](const auto& one) { return one.second.what.token == token; });
    if (found == begun_.end() || application != application_ || !answers_.contains(found->first)) {
        return discord_refusal(404, 10015, "Unknown Webhook");
    }
    return answers_.at(found->first);
}

discord_outcome<discord_answer> discord_interactions::edit_original(
    const std::string& application, const std::string& token, const json::object& body
) {
    discord_answer changed;
    {
        const std::lock_guard lock(mutex_);
        const auto found =
            std::ranges::find_if(begun_, [&](const auto& one) { return one.second.what.token == token; });
        const bool known = found != begun_.end() && application == application_;
        if (!known || !answers_.contains(found->first)) {
            return discord_refusal(404, 10015, "Unknown Webhook");
        }
        if (now_() - found->second.begun > token_lasts) {
            return discord_refusal(401, 50027, "Invalid Webhook Token");
        }
        if (const std::string problem = problem_of_content(body); !problem.empty()) {
            return discord_refusal(400, 50035, "Invalid Form Body: " + problem);
        }
        discord_answer& answer = answers_[found->first];
        answer.content = text_of(body, "content");
        answer.allowed_mentions = object_in(body, "allowed_mentions");
        answer.thinking = false;
        changed = answer;
    }
    changes_.changed();
    return changed;
}

std::optional<discord_modal> discord_interactions::modal_of(const std::string& interaction) const {
    const std::lock_guard lock(mutex_);
    const auto found = modals_.find(interaction);
    return found == modals_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<discord_answer> discord_interactions::answer_of(const std::string& interaction) const {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(interaction);
    return found == answers_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<discord_modal> discord_interactions::modals() const {
    const std::lock_guard lock(mutex_);
    std::vector<discord_modal> all;
    for (const auto& [id, modal] : modals_) {
        all.push_back(modal);
    }
    return all;
}

std::vector<discord_answer> discord_interactions::answers() const {
    const std::lock_guard lock(mutex_);
    std::vector<discord_answer> all;
    for (const auto& [id, answer] : answers_) {
        all.push_back(answer);
    }
    return all;
}

void discord_interactions::close_modal(const std::string& id) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = modals_.find(id); found != modals_.end()) {
            found->second.closed = true;
        }
    }
    changes_.changed();
}

void discord_interactions::clear() {
    const std::lock_guard lock(mutex_);
    begun_.clear();
    modals_.clear();
    answers_.clear();
}

} // namespace hallpass::sandbox
