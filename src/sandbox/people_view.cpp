#include "sandbox/people_view.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace hallpass::sandbox {

namespace {

constexpr const char* trait = "slack_user_id"; // what the example configuration names

bool has_account(const cluster_user& user, const std::string& id) {
    const auto held = user.traits.find(trait);
    return held != user.traits.end() && std::ranges::find(held->second, id) != held->second.end();
}

} // namespace

const cluster_user* find_mapped_user(const slack_user& account, const directory& known) {
    const cluster_user* found = nullptr;
    for (const cluster_user& user : known.users) {
        if (has_account(user, account.id)) {
            if (found != nullptr) {
                return nullptr;
            }
            found = &user;
        }
    }
    return found;
}

std::string standing_of(const slack_user& account, const directory& known) {
    if (account.is_bot) {
        return "bot";
    }
    if (account.deleted) {
        return "switched off";
    }
    if (account.is_restricted || account.is_ultra_restricted) {
        return "guest";
    }
    if (account.is_stranger) {
        return "of another workspace";
    }
    const cluster_user* user = find_mapped_user(account, known);
    if (user == nullptr) {
        return "nobody in Teleport";
    }
    return user->may_review ? "reviewer" : "requester";
}

boost::json::array view_people(const std::vector<slack_user>& accounts, const directory& known) {
    boost::json::array people;
    for (const slack_user& account : accounts) {
        if (account.is_bot) {
            continue;
        }
        const cluster_user* user = find_mapped_user(account, known);
        people.push_back(boost::json::object{
            {"id", account.id},
            {"name", account.real_name.empty() ? account.name : account.real_name},
            {"what", standing_of(account, known)},
            {"teleport_user", user == nullptr ? "" : user->name}});
    }
    return people;
}

} // namespace hallpass::sandbox
