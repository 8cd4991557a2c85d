#include "simulation/third_party.hpp"

namespace hallpass::simulation {

access::message_ref third_party::accept(
    const access::address& to, std::string thread, access::card shown, access::delivery_key key
) {
    delivered_message one;
    one.to = to;
    one.ref = access::message_ref(to.id, "m" + std::to_string(messages_.size() + 1));
    one.thread = thread;
    one.shown = std::move(shown);
    one.key = key;
    const place where{to.id, thread, key};
    std::vector<std::size_t>& same = by_key_[where];
    same.push_back(messages_.size());
    by_ref_[one.ref] = messages_.size();
    messages_.push_back(one);
    if (same.size() > 1 + excused_[where]) {
        violations.push_back(key.request_id + ": doubled " + key.part + " at " + to.id);
        time_->tell("* " + violations.back());
    }
    return one.ref;
}

result<void> third_party::change(const access::message_ref& message, access::card shown) {
    const auto found = by_ref_.find(message);
    if (found == by_ref_.end()) {
        return fault(fault_kind::not_found, "message_not_found");
    }
    messages_[found->second].shown = std::move(shown);
    return {};
}

std::optional<access::message_ref> third_party::find(
    const access::address& to, const std::string& thread, const access::delivery_key& key
) const {
    const auto found = by_key_.find({to.id, thread, key});
    return found == by_key_.end() ? std::nullopt : std::optional(messages_[found->second.back()].ref);
}

void third_party::excuse(
    const access::address& to, const std::string& thread, const access::delivery_key& key
) {
    ++excused_[{to.id, thread, key}];
}

std::size_t third_party::count(
    const access::address& to, const std::string& thread, const access::delivery_key& key
) const {
    const auto found = by_key_.find({to.id, thread, key});
    return found == by_key_.end() ? 0 : found->second.size();
}

std::size_t third_party::excuses(
    const access::address& to, const std::string& thread, const access::delivery_key& key
) const {
    const auto found = excused_.find({to.id, thread, key});
    return found == excused_.end() ? 0 : found->second;
}

} // namespace hallpass::simulation
