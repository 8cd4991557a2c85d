#include "sandbox/slack_dialogs.hpp"

#include "sandbox/random_id.hpp"
#include "sandbox/slack_view_check.hpp"

#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto trigger_lasts = 3s;
constexpr std::size_t most_triggers = 1000;

// "V0" and twelve characters that no other id has.
std::string unique_id(const std::string& prefix) {
    const std::string uuid = random_uuid();
    return prefix + uuid.substr(0, 8) + uuid.substr(24);
}

} // namespace

slack_dialogs::slack_dialogs(change_signal& changes, slack_bot bot, steady_now now)
    : changes_(changes), bot_(std::move(bot)), now_(std::move(now)) {}

std::string slack_dialogs::issue_trigger(const std::string& user) {
    const std::lock_guard lock(mutex_);
    // Those of long ago only take room: they would be refused as expired and are now refused as unknown.
    if (triggers_.size() >= most_triggers) {
        std::erase_if(triggers_, [&](const auto& kept) { return kept.second.issued + 1min < now_(); });
    }
    std::string id = unique_id("T.");
    triggers_[id] = trigger{user, now_(), {}};
    return id;
}

slack_outcome<slack_view> slack_dialogs::open(const std::string& trigger, json::object view) {
    if (auto refused = check_view(view)) {
        return *std::move(refused);
    }
    slack_view opened;
    {
        const std::lock_guard lock(mutex_);
        const auto found = triggers_.find(trigger);
        if (found == triggers_.end()) {
            return slack_refusal{"invalid_trigger_id", {}};
        }
        if (!found->second.view.empty()) {
            return slack_refusal{"exchanged_trigger_id", {}};
        }
        if (found->second.issued + trigger_lasts < now_()) {
            return slack_refusal{"expired_trigger_id", {}};
        }
        opened = add(found->second.user, std::move(view));
        found->second.view = opened.id;
    }
    changes_.changed();
    return opened;
}

slack_outcome<slack_view>
slack_dialogs::update(const std::string& id, const std::string& hash, json::object view) {
    if (auto refused = check_view(view)) {
        return *std::move(refused);
    }
    slack_view updated;
    {
        const std::lock_guard lock(mutex_);
        const auto found = views_.find(id);
        if (found == views_.end() || found->second.closed) {
            return slack_refusal{"not_found", {}};
        }
        if (!hash.empty() && hash != found->second.shown.at("hash").as_string()) {
            return slack_refusal{"hash_conflict", {}};
        }
        found->second.shown = completed(id, std::move(view));
        updated = found->second;
    }
    changes_.changed();
    return updated;
}

slack_outcome<slack_view> slack_dialogs::push(const std::string& user, json::object view) {
    if (auto refused = check_view(view)) {
        return *std::move(refused);
    }
    slack_view pushed;
    {
        const std::lock_guard lock(mutex_);
        pushed = add(user, std::move(view));
    }
    changes_.changed();
    return pushed;
}

void slack_dialogs::close(const std::string& id) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = views_.find(id); found != views_.end()) {
            found->second.closed = true;
        }
    }
    changes_.changed();
}

std::optional<slack_view> slack_dialogs::view(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = views_.find(id);
    return found == views_.end() ? std::nullopt : std::optional(found->second);
}

std::string slack_dialogs::opened_by(const std::string& trigger) const {
    const std::lock_guard lock(mutex_);
    const auto found = triggers_.find(trigger);
    return found == triggers_.end() ? std::string() : found->second.view;
}

std::vector<slack_view> slack_dialogs::views() const {
    const std::lock_guard lock(mutex_);
    std::vector<slack_view> all;
    for (const auto& [id, view] : views_) {
        all.push_back(view);
    }
    return all;
}

void slack_dialogs::clear() {
    const std::lock_guard lock(mutex_);
    triggers_.clear();
    views_.clear();
}

slack_view slack_dialogs::add(const std::string& user, json::object view) {
    slack_view added;
    added.id = unique_id("V0");
    added.user = user;
    added.shown = completed(added.id, std::move(view));
    views_[added.id] = added;
    return added;
}

// What Slack adds to a view: ids, a hash that is another after every change, and an empty state.
json::object slack_dialogs::completed(const std::string& id, json::object view) {
    name_blocks(view["blocks"].as_array());
    view["id"] = id;
    view["hash"] = "hash." + std::to_string(++last_hash_);
    view["team_id"] = bot_.team_id;
    view["app_id"] = bot_.app_id;
    view["bot_id"] = bot_.bot_id;
    view["root_view_id"] = id;
    view["previous_view_id"] = nullptr;
    view["state"] = {{"values", json::object{}}};
    for (const char* key : {"callback_id", "private_metadata", "external_id"}) {
        if (!view.contains(key)) {
            view[key] = "";
        }
    }
    return view;
}

} // namespace hallpass::sandbox
