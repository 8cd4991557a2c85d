#include "services/msteams/remembered_actions.hpp"

#include <chrono>
#include <utility>

namespace hallpass::services::msteams {

namespace {

constexpr std::chrono::minutes remembered_for{90};

std::string all_of(const card_action& asked) {
    std::string all;
    for (const std::string& part :
         {asked.who.object_id, asked.who.tenant, asked.request_id,
          std::string(asked.what == access::verdict::approve ? "+" : "-"),
          std::string(asked.confirmed ? "!" : "?"), asked.reason}) {
        all.append(part).append("\n");
    }
    return all;
}

} // namespace

remembered_actions::taken remembered_actions::take(const card_action& asked, instant now) {
    forget_old(now);
    std::string what = all_of(asked);
    const auto known = runs_.find(asked.id);
    if (known != runs_.end()) {
        return {known->second->what == what ? known->second : nullptr, false};
    }
    if (runs_.size() >= capacity_) {
        return {};
    }
    auto made = std::make_shared<action_run>();
    made->what = std::move(what);
    runs_.emplace(asked.id, made);
    in_order_.emplace_back(now + remembered_for, asked.id);
    return {made, true};
}

void remembered_actions::forget_old(instant now) {
    while (!in_order_.empty() && in_order_.front().first <= now) {
        runs_.erase(in_order_.front().second);
        in_order_.pop_front();
    }
}

} // namespace hallpass::services::msteams
