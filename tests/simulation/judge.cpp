// What must be true in the end, and whatever happened.
#include "simulation/scenario.hpp"
#include "workflow/ledger_codec.hpp"

#include <algorithm>

namespace hallpass::simulation {

using namespace std::chrono_literals;

namespace {

std::vector<std::string> addresses_of(const access::access_request& request) {
    std::vector<std::string> all{"c1", "alice-dm"};
    if (request.roles.front() == "many") {
        all.insert(all.end(), {"c2", "u1"});
    }
    return all;
}

} // namespace

verdict scenario::judge() {
    verdict result;
    result.requests = requests_.size();
    result.messages = service_.messages().size();
    result.crashes = crashes_;
    result.violations = service_.violations;
    std::size_t pending = 0;
    for (const std::string& id : requests_) {
        judge_request(id, result);
        const auto now = auth_.find(id);
        pending += now && now->state == access::request_state::pending ? 1U : 0U;
    }
    for (const auto& one : instances_) {
        if (one->open_requests() > pending) {
            result.violations.push_back("* " + one->name() + " still holds on to what is over");
        }
    }
    if (!result.violations.empty()) {
        const std::string& first = result.violations.front();
        result.trace = time_.told(first.substr(0, first.find_first_of(": ")));
    }
    return result;
}

void scenario::judge_request(const std::string& id, verdict& into) const {
    const auto versions = auth_.history().find(id);
    if (versions == auth_.history().end()) {
        return;
    }
    // What was begun is brought to its end, unless it is deleted meanwhile.
    const bool begun = auth_.find(id) && !data_is_gone(id);
    for (const std::string& address : addresses_of(*versions->second.front().second)) {
        judge_recipient(id, address, begun || must_be_announced(id, address), into);
    }
    judge_ledger(id, into);
}

// Whoever is asked to decide must hear of it as long as there is something to decide: what was pending when
// all was well again, and what hallpass has begun to announce.
bool scenario::must_be_announced(const std::string& id, const std::string& address) const {
    const auto& versions = auth_.history().at(id);
    const instant well = instant{1772357400000ms} + troubled_;
    const std::optional<access::access_request>* then = nullptr;
    for (const auto& [when, version] : versions) {
        if (when <= well) {
            then = &version;
        }
    }
    const bool later = then == nullptr;
    const bool pending = then != nullptr && *then && (*then)->state == access::request_state::pending;
    if (!later && !pending) {
        return false;
    }
    // Long enough to be seen by somebody who has just been started, or who was refused and waits an hour.
    const auto enough = once_refused_.contains(address) ? std::chrono::minutes(70) : std::chrono::minutes(2);
    const instant seen_from = later ? versions.front().first : well;
    return std::none_of(versions.begin(), versions.end(), [&](const auto& version) {
        return version.first > seen_from && version.first < seen_from + enough &&
               (!version.second || version.second->state != access::request_state::pending);
    });
}

bool scenario::data_is_gone(const std::string& id) const {
    return auth_.read(id).empty();
}

void scenario::judge_recipient(
    const std::string& id, const std::string& address, bool announced, verdict& into
) const {
    const access::delivery_key key(id, "card");
    const access::address to(address);
    const std::size_t count = service_.count(to, "", key);
    const bool skipped = world_.on_uncertain == workflow::uncertain_policy::skip && !world_.can_find &&
                         service_.excuses(to, "", key) > 0;
    if (announced && count == 0 && !skipped) {
        into.violations.push_back(id + ": lost, nobody was told at " + address);
    }
    if (count > 1 + service_.excuses(to, "", key)) {
        into.violations.push_back(id + ": doubled at " + address);
    }
    const auto now = auth_.find(id);
    const auto known = workflow::decode_ledger(id, auth_.read(id));
    for (const delivered_message& message : service_.messages()) {
        if (message.key != key || message.to != to) {
            continue;
        }
        const access::delivery* recorded = known.find(to);
        if (recorded == nullptr || recorded->message != message.ref) {
            if (count == 1 && now && !skipped && !data_is_gone(id)) {
                into.violations.push_back(id + ": nobody knows the message at " + address);
            }
            continue; // one of several that nobody could tell apart, or nobody can know it any more
        }
        access::request_state wanted = access::request_state::expired;
        std::size_t reviews = 0;
        for (const auto& [when, version] : auth_.history().at(id)) {
            if (version) {
                wanted = version->state == access::request_state::pending ? wanted : version->state;
                reviews = version->reviews.size();
            }
        }
        wanted = now ? now->state : wanted;
        // Who was away while it was resolved, and came back after it was deleted, can't know how it ended.
        const bool unknowable = !now && message.shown.state == access::request_state::expired;
        if (message.shown.state != wanted && !unknowable) {
            into.violations.push_back(
                id + ": stale at " + address + ", says " +
                std::string(access::to_string(message.shown.state)) + " and not " +
                std::string(access::to_string(wanted))
            );
        }
        if (now && message.shown.reviews.size() != reviews) {
            into.violations.push_back(id + ": stale at " + address + ", a review is missing");
        }
        judge_follow_ups(message, into);
    }
}

void scenario::judge_follow_ups(const delivered_message& card, verdict& into) const {
    const std::string& id = card.key.request_id;
    const auto now = auth_.find(id);
    const auto check = [&](const std::string& part, const std::string& thread, bool wanted) {
        const access::delivery_key key(id, part);
        const std::size_t count = service_.count(card.to, thread, key);
        const std::size_t excuses = service_.excuses(card.to, thread, key);
        if (count > 1 + excuses || (count == 0 && wanted && excuses == 0)) {
            into.violations.push_back(
                id + ": " + part + " was told " + std::to_string(count) + " times at " + card.to.id
            );
        }
    };
    const std::size_t reviews = now ? now->reviews.size() : 0;
    for (std::size_t i = 0; i < reviews; ++i) {
        check("review-" + std::to_string(i + 1), card.ref.id, true);
    }
    check("outcome", "", card.to.id == "alice-dm" && now && access::is_resolved(now->state));
}

void scenario::judge_ledger(const std::string& id, verdict& into) const {
    const access::ledger known = workflow::decode_ledger(id, auth_.read(id));
    if (known.held) {
        into.violations.push_back(id + ": " + known.held->holder + " still claims it");
    }
    const auto now = auth_.find(id);
    for (const access::delivery& one : known.deliveries) {
        const bool skipped = world_.on_uncertain == workflow::uncertain_policy::skip && !world_.can_find;
        if (one.message.empty() && now && !skipped) {
            into.violations.push_back(id + ": begun and never announced at " + one.to.id);
        }
    }
}

} // namespace hallpass::simulation
