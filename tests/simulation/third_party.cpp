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
    if (const delivered_message* before = taken_before(same)) {
        time_->tell("* " + key.request_id + " " + key.part + " was taken before");
        return before->ref;
    }
    one.known_from = time_->clock.now();
    if (key.part == "card" && traits.index_lag > std::chrono::milliseconds(0)) {
        one.known_from += time_->draw.between(std::chrono::milliseconds(0), traits.index_lag);
    }
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
    if (traits.letters) {
        violations.push_back(shown.request_id + ": a letter was to be changed");
        return fault(fault_kind::bug, "a letter can't be changed");
    }
    if (!traits.open_until_the_end || access::is_resolved(shown.state)) {
        messages_[found->second].shown = std::move(shown);
    }
    return {};
}

std::optional<access::message_ref> third_party::find(
    const access::address& to, const std::string& thread, const access::delivery_key& key
) const {
    const auto found = by_key_.find({to.id, thread, key});
    std::optional<access::message_ref> there;
    if (found != by_key_.end()) {
        for (const std::size_t index : found->second) {
            const delivered_message& one = messages_[index];
            there = one.known_from <= time_->clock.now() ? std::optional(one.ref) : there;
        }
    }
    return there;
}

// What a repeated send finds, where its key is one.
const delivered_message* third_party::taken_before(const std::vector<std::size_t>& same) const {
    if (same.empty() || traits.repeat == repeated_send::doubles) {
        return nullptr;
    }
    const delivered_message& last = messages_[same.back()];
    const bool open_card = last.key.part == "card" && !access::is_resolved(last.shown.state);
    return traits.repeat == repeated_send::finds_message || open_card ? &last : nullptr;
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
