#include "sandbox/cluster_state.hpp"

#include "base/text.hpp"
#include "sandbox/new_request.hpp"
#include "sandbox/review_judgement.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace hallpass::sandbox {

namespace {

refusal request_not_found(const std::string& id) {
    return {refusal_code::not_found, "access request \"" + one_line(id) + "\" is not found"};
}

} // namespace

instant wall_clock_now() {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

bool matches(const request_filter& filter, const access::access_request& request) noexcept {
    return (filter.id.empty() || filter.id == request.id) &&
           (filter.user.empty() || filter.user == request.user) &&
           (filter.state == access::request_state::none || filter.state == request.state);
}

cluster_state::cluster_state(cluster_settings settings, change_signal& changes, std::function<instant()> now)
    : settings_(std::move(settings)), changes_(changes), now_(std::move(now)), known_(make_directory()) {}

cluster_state::entry* cluster_state::find(const std::string& id) {
    const auto found = requests_.find(id);
    return found == requests_.end() ? nullptr : &found->second;
}

cluster_state::watcher_list cluster_state::publish(bool deleted, const recorded_request& request) {
    const auto event = std::make_shared<const cluster_event>(cluster_event{deleted, request});
    watcher_list told;
    for (const auto& watcher : watchers_) {
        if (matches(watcher->filter(), request.request)) {
            watcher->push(event);
            told.push_back(watcher);
        }
    }
    return told;
}

void cluster_state::wake(const watcher_list& woken) {
    for (const auto& watcher : woken) {
        watcher->wake();
    }
    changes_.changed();
}

outcome<recorded_request> cluster_state::create(new_request wanted) {
    watcher_list woken;
    recorded_request made;
    {
        const std::lock_guard lock(mutex_);
        auto accepted = make_request(std::move(wanted), settings_, now_());
        if (!accepted) {
            return accepted.error();
        }
        made = std::move(*accepted);
        made.revision = ++revision_;
        requests_[made.request.id] = entry{made, ++created_};
        woken = publish(false, made);
    }
    wake(woken);
    return made;
}

outcome<recorded_request> cluster_state::review(const std::string& id, new_review given) {
    watcher_list woken;
    recorded_request reviewed;
    {
        const std::lock_guard lock(mutex_);
        entry* found = find(id);
        if (found == nullptr) {
            return request_not_found(id);
        }
        auto applied = apply_review(*found, std::move(given));
        if (!applied) {
            return applied.error();
        }
        woken = std::move(*applied);
        reviewed = found->recorded;
    }
    wake(woken);
    return reviewed;
}

outcome<cluster_state::watcher_list> cluster_state::apply_review(entry& reviewed, new_review given) {
    access::access_request& request = reviewed.recorded.request;
    if (auto refused = refuse_review(request, given)) {
        return *std::move(refused);
    }
    access::review added;
    added.author = given.author;
    added.proposed = given.proposed;
    added.reason = given.reason;
    added.created = now_();
    request.reviews.push_back(std::move(added));
    reviewed.recorded.review_records.push_back(
        {thresholds_met(request.thresholds), given.submitted_by, given.on_behalf}
    );
    const judgement judged = judge(reviewed.recorded);
    if (judged.state != access::request_state::pending) {
        request.state = judged.state;
        request.resolve_reason = judged.reason;
        request.request_expires = request.access_expires;
        request.promoted_access_list =
            judged.state == access::request_state::promoted ? given.promoted_access_list : "";
    }
    reviewed.recorded.revision = ++revision_;
    return publish(false, reviewed.recorded);
}

outcome<recorded_request>
cluster_state::review_as(const std::string& caller, const std::string& id, new_review given) {
    given.submitted_by = caller;
    if (given.author.empty()) {
        given.author = caller;
    }
    if (auto refused = refuse_author(caller, id, given)) {
        return *std::move(refused);
    }
    return review(id, std::move(given));
}

std::optional<refusal> cluster_state::refuse_author(
    const std::string& caller, const std::string& id, const new_review& given
) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(id);
    if (found == requests_.end()) {
        return request_not_found(id);
    }
    const std::string who = '"' + one_line(given.author) + '"';
    if (given.author != caller) {
        if (!given.on_behalf || !settings_.submit_for_users) {
            return refusal{
                refusal_code::permission_denied, '"' + caller + "\" cannot submit a review as " + who};
        }
        const cluster_user* author = find_user(known_, given.author);
        if (author == nullptr) {
            return refusal{refusal_code::not_found, "user " + who + " not found"};
        }
        if (!author->may_review) {
            return refusal{
                refusal_code::permission_denied,
                "user " + who + " cannot submit reviews for the requested roles"};
        }
    }
    if (given.author == found->second.recorded.request.user) {
        return refusal{refusal_code::permission_denied, "user " + who + " cannot review their own request"};
    }
    return std::nullopt;
}

outcome<cluster_state::watcher_list> cluster_state::apply_state(entry& changed, const new_state& wanted) {
    const access::request_state state = wanted.state;
    access::access_request& request = changed.recorded.request;
    if (!access::is_resolved(state) || state == access::request_state::expired) {
        return refusal{refusal_code::invalid_argument, "an access request can't be set to this state"};
    }
    if (request.state == access::request_state::denied) {
        if (state == access::request_state::denied) {
            return watcher_list{};
        }
        return refusal{
            refusal_code::invalid_argument,
            "cannot set request-state \"" + std::string(access::to_string(state)) + "\" (already denied)"};
    }
    request.state = state;
    request.resolve_reason = wanted.reason;
    changed.recorded.delegator = wanted.delegator;
    request.request_expires = request.access_expires;
    changed.recorded.revision = ++revision_;
    return publish(false, changed.recorded);
}

outcome<void> cluster_state::set_state(const std::string& id, const new_state& wanted) {
    watcher_list woken;
    {
        const std::lock_guard lock(mutex_);
        entry* found = find(id);
        if (found == nullptr) {
            return request_not_found(id);
        }
        auto applied = apply_state(*found, wanted);
        if (!applied) {
            return applied.error();
        }
        woken = std::move(*applied);
    }
    wake(woken);
    return {};
}

outcome<void> cluster_state::remove(const std::string& id) {
    watcher_list woken;
    {
        const std::lock_guard lock(mutex_);
        const auto found = requests_.find(id);
        if (found == requests_.end()) {
            return request_not_found(id);
        }
        woken = publish(true, found->second.recorded);
        requests_.erase(found);
    }
    wake(woken);
    return {};
}

std::vector<recorded_request> cluster_state::requests(const request_filter& filter) const {
    const std::lock_guard lock(mutex_);
    std::vector<const entry*> wanted;
    // One that is named is looked up: a listing of thousands for each would make the cluster slow.
    const bool named = !filter.id.empty();
    const auto begin = named ? requests_.find(filter.id) : requests_.begin();
    const auto end = named && begin != requests_.end() ? std::next(begin) : requests_.end();
    for (const auto& [id, kept] : std::ranges::subrange(begin, end)) {
        if (matches(filter, kept.recorded.request)) {
            wanted.push_back(&kept);
        }
    }
    std::ranges::sort(wanted, {}, &entry::number);
    std::vector<recorded_request> copies;
    copies.reserve(wanted.size());
    for (const entry* kept : wanted) {
        copies.push_back(kept->recorded);
    }
    return copies;
}

} // namespace hallpass::sandbox
