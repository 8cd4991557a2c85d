// What must be true in the end, and whatever happened.
#include "simulation/scenario.hpp"
#include "workflow/ledger_codec.hpp"

#include <algorithm>

namespace hallpass::simulation {

using namespace std::chrono_literals;

namespace {

std::vector<std::string> addresses_of(const access::access_request& request, recipients_from who_says) {
    const bool many = request.roles.front() == "many";
    std::vector<std::string> all{"c1"};
    if (many && who_says != recipients_from::the_service) {
        all.emplace_back("c2");
    }
    if (who_says == recipients_from::operators) {
        all.emplace_back("alice-dm");
        if (many) {
            all.emplace_back("u1");
        }
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
    for (const std::string& address :
         addresses_of(*versions->second.front().second, world_.traits.recipients)) {
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
    const bool skipped = world_.on_uncertain == workflow::uncertain_policy::skip &&
                         !world_.traits.finds_cards && service_.excuses(to, "", key) > 0;
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
        const access::request_state told = state_told_at(message);
        const bool unknowable = !now && told == access::request_state::expired;
        // The operator's policy was to leave the letter that would say it.
        const bool left = world_.traits.letters && world_.on_uncertain == workflow::uncertain_policy::skip &&
                          service_.excuses(to, "", access::delivery_key(id, "outcome")) > 0;
        if (told != wanted && !unknowable && !left) {
            into.violations.push_back(
                id + ": stale at " + address + ", says " + std::string(access::to_string(told)) +
                " and not " + std::string(access::to_string(wanted))
            );
        }
        const bool shows_all = !world_.traits.letters && !world_.traits.open_until_the_end;
        if (now && shows_all && message.shown.reviews.size() != reviews) {
            into.violations.push_back(id + ": stale at " + address + ", a review is missing");
        }
        judge_follow_ups(message, into);
    }
}

// A mailbox says what the newest letter says.
access::request_state scenario::state_told_at(const delivered_message& card) const {
    access::request_state told = card.shown.state;
    for (const delivered_message& one : service_.messages()) {
        const bool outcome = one.key == access::delivery_key(card.key.request_id, "outcome");
        if (world_.traits.letters && outcome && one.to == card.to) {
            told = one.shown.state;
        }
    }
    return told;
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
        const bool shown_at_once = world_.traits.letters && i < card.shown.reviews.size();
        check("review-" + std::to_string(i + 1), card.ref.id, !shown_at_once);
    }
    const bool resolved = now && access::is_resolved(now->state);
    const bool said_at_once = world_.traits.letters && access::is_resolved(card.shown.state);
    check("outcome", "", resolved && !said_at_once && (world_.traits.letters || card.to.id == "alice-dm"));
}

void scenario::judge_ledger(const std::string& id, verdict& into) const {
    const access::ledger known = workflow::decode_ledger(id, auth_.read(id));
    if (known.held) {
        into.violations.push_back(id + ": " + known.held->holder + " still claims it");
    }
    const auto now = auth_.find(id);
    for (const access::delivery& one : known.deliveries) {
        const bool skipped =
            world_.on_uncertain == workflow::uncertain_policy::skip && !world_.traits.finds_cards;
        if (one.message.empty() && now && !skipped) {
            into.violations.push_back(id + ": begun and never announced at " + one.to.id);
        }
    }
}

} // namespace hallpass::simulation
