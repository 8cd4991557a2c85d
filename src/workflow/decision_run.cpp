#include "workflow/decision_run.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::workflow {

namespace asio = boost::asio;
using access::decision_result;

namespace {

// All approvals of a request have one place in Teleport's store.
constexpr std::size_t most_reason_bytes = 1000;

access::decision_outcome outcome_of(decision_result what, std::string why) {
    access::decision_outcome made;
    made.what = what;
    made.why = std::move(why);
    return made;
}

// Another attempt may go better.
bool is_passing(const fault& why) noexcept {
    return why.kind() == fault_kind::transient || why.kind() == fault_kind::rate_limited ||
           why.kind() == fault_kind::malformed || why.kind() == fault_kind::conflict;
}

// The outcome where the request itself leaves nothing to decide.
std::optional<access::decision_outcome> settle_resolved(const std::optional<access::access_request>& now) {
    if (!now || now->state == access::request_state::expired) {
        return outcome_of(decision_result::expired, "the request is gone");
    }
    if (now->state == access::request_state::pending) {
        return std::nullopt;
    }
    access::decision_outcome resolved = outcome_of(decision_result::already_resolved, "");
    resolved.state = now->state;
    resolved.by = access::resolved_by(*now);
    return resolved;
}

} // namespace

decision_run::decision_run(const decision_environment& shared, access::decision asked)
    : shared_(shared), asked_(std::move(asked)), until_(shared.time.now() + shared.options.patience) {}

asio::awaitable<access::decision_outcome> decision_run::run() {
    outcome made = co_await decide();
    made.user = user_;
    co_return made;
}

asio::awaitable<access::decision_outcome> decision_run::decide() {
    const result<access::identity> who = co_await identify();
    if (!who) {
        co_return failed(who.error());
    }
    user_ = who->user;
    if (shared_.rules.as == access::review_as::anyone) {
        outcome taken = co_await take_at_its_word();
        co_return taken;
    }
    if (!who->known()) {
        co_return outcome_of(decision_result::not_mapped, who->why);
    }
    result<request_now> found = co_await read();
    if (!found) {
        co_return failed(found.error());
    }
    const access::access_request* request = *found ? &**found : nullptr;
    auto refused = access::refuse(shared_.rules, asked_, user_, request, shared_.time.now());
    if (refused) {
        co_return *refused;
    }
    outcome made;
    if (shared_.rules.as == access::review_as::state) {
        made = co_await judge(std::move(**found));
    } else {
        made = co_await review(std::move(**found));
    }
    co_return made;
}

asio::awaitable<result<access::identity>> decision_run::identify() {
    if (auto excluded = access::why_excluded(asked_.person)) {
        co_return access::nobody(std::move(*excluded));
    }
    if (auto listed = access::identify_by_table(shared_.rules.identities, asked_.person)) {
        co_return std::move(*listed);
    }
    for (int attempt = 0;; ++attempt) {
        result<access::identity> who = co_await identify_once();
        if (who || who.error().kind() == fault_kind::cancelled) {
            co_return who;
        }
        if (!is_passing(who.error())) {
            co_return access::nobody(who.error().text());
        }
        const bool again = co_await pause(attempt);
        if (!again) {
            co_return who;
        }
    }
}

// A trait that can't be read ends it: who might be there twice is not looked for elsewhere.
asio::awaitable<result<access::identity>> decision_run::identify_once() {
    const access::identity_rules& rules = shared_.rules.identities;
    std::string trait = access::trait_for(rules, asked_.person);
    if (!trait.empty()) {
        const result<std::vector<std::string>> holders =
            co_await shared_.reviews.users_by_trait(std::move(trait), asked_.person.id);
        if (!holders) {
            co_return holders.error();
        }
        if (auto found = access::identify_by_trait(asked_.person, *holders)) {
            co_return std::move(*found);
        }
    }
    access::identity named = access::identify_by_email(rules, asked_.person);
    if (named.known()) {
        const result<bool> exists = co_await shared_.reviews.find_user(named.user);
        if (!exists) {
            co_return exists.error();
        }
        if (!*exists) {
            co_return access::nobody("no Teleport user is named like the account's e-mail");
        }
    }
    co_return named;
}

asio::awaitable<result<std::optional<access::access_request>>> decision_run::read() {
    for (int attempt = 0;; ++attempt) {
        result<request_now> found = co_await shared_.gateway.read_request(asked_.request_id);
        if (found || !is_passing(found.error())) {
            co_return found;
        }
        const bool again = co_await pause(attempt);
        if (!again) {
            co_return found;
        }
    }
}

asio::awaitable<bool> decision_run::pause(int attempt) {
    const auto wait = shared_.options.first_wait * (1 << std::min(attempt, 4));
    if (shared_.time.now() + wait >= until_) {
        co_return false;
    }
    const std::unique_ptr<ports::alarm> alarm = shared_.time.make_alarm();
    const bool passed = co_await alarm->wait(wait);
    co_return passed;
}

asio::awaitable<access::decision_outcome> decision_run::review(access::access_request before) {
    for (int attempt = 0;; ++attempt) {
        ports::review_submission submission;
        submission.request_id = asked_.request_id;
        submission.author = shared_.rules.as == access::review_as::person ? user_ : std::string();
        submission.proposed = access::proposed_by(asked_.what);
        submission.reason = reason_to_submit();
        const result<access::access_request> reviewed =
            co_await shared_.reviews.submit_review(std::move(submission));
        if (reviewed) {
            co_return access::judge_recorded(*reviewed, asked_.what);
        }
        const fault last = reviewed.error();
        maybe_recorded_ = maybe_recorded_ || last.uncertain();
        if (last.kind() == fault_kind::cancelled) {
            co_return failed(last);
        }
        const result<request_now> now = co_await read();
        if (!now) {
            co_return failed(now.error());
        }
        if (auto settled = settle_review(*now, last, before)) {
            co_return std::move(*settled);
        }
        const bool again = co_await pause(attempt);
        if (!again) {
            co_return failed(last);
        }
    }
}

// What is on the request is asked first, because the refusal may be of our own second attempt.
std::optional<access::decision_outcome> decision_run::settle_review(
    const request_now& now, const fault& last, const access::access_request& before
) const {
    const bool as_person = shared_.rules.as == access::review_as::person;
    if (now && maybe_recorded_ && is_recorded(*now, before)) {
        return access::judge_recorded(*now, asked_.what);
    }
    if (auto resolved = settle_resolved(now)) {
        return resolved;
    }
    if (now && access::find_review(*now, user_) != nullptr) {
        return outcome_of(decision_result::already_reviewed, last.text());
    }
    switch (last.kind()) {
    case fault_kind::conflict:
        if (maybe_recorded_) {
            return std::nullopt; // most likely ours, and not to be seen yet
        }
        return outcome_of(
            as_person ? decision_result::already_reviewed : decision_result::elsewhere, last.text()
        );
    case fault_kind::unsupported:
        return outcome_of(decision_result::elsewhere, last.text());
    case fault_kind::unauthorised:
    case fault_kind::not_found:
    case fault_kind::permanent:
    case fault_kind::bug:
        return outcome_of(decision_result::no_permission, last.text());
    case fault_kind::transient:
    case fault_kind::rate_limited:
    case fault_kind::malformed:
    case fault_kind::cancelled:
        break;
    }
    return std::nullopt;
}

bool decision_run::is_recorded(const access::access_request& now, const access::access_request& before)
    const {
    const access::request_state proposed = access::proposed_by(asked_.what);
    if (shared_.rules.as == access::review_as::person) {
        const access::review* mine = access::find_review(now, user_);
        return mine != nullptr && mine->proposed == proposed;
    }
    // hallpass's own reviews carry the person's name in the reason.
    const std::string reason = reason_to_submit();
    const auto count = [&](const access::access_request& request) {
        return std::count_if(request.reviews.begin(), request.reviews.end(), [&](const access::review& one) {
            return one.proposed == proposed && one.reason == reason;
        });
    };
    return count(now) > count(before);
}

std::string decision_run::reason_to_submit() const {
    if (shared_.rules.as == access::review_as::person) {
        return asked_.reason;
    }
    const std::string who = user_ + " (" + asked_.person.service + " " + asked_.person.id + ")";
    return asked_.reason.empty() ? who : who + ": " + asked_.reason;
}

asio::awaitable<access::decision_outcome> decision_run::judge(access::access_request before) {
    if (!access::may_decide(shared_.rules.state, user_, before)) {
        co_return outcome_of(decision_result::no_permission, "not an approver of every role");
    }
    outcome made;
    if (asked_.what == access::verdict::deny) {
        made = co_await set_state(false);
    } else {
        made = co_await count_approval(std::move(before));
    }
    co_return made;
}

// Whoever it is, but neither a machine nor a stranger, and nobody who may be the requester.
asio::awaitable<access::decision_outcome> decision_run::take_at_its_word() {
    const std::optional<access::account_facts>& facts = asked_.person.facts;
    if (auto excluded = access::why_excluded(asked_.person)) {
        co_return outcome_of(decision_result::not_mapped, std::move(*excluded));
    }
    if (user_.empty() && (!facts || facts->guest || facts->foreign)) {
        co_return outcome_of(
            decision_result::not_mapped, "the service did not say that it is one of its own"
        );
    }
    result<request_now> found = co_await read();
    if (!found) {
        co_return failed(found.error());
    }
    const access::access_request* request = *found ? &**found : nullptr;
    if (request != nullptr && user_.empty() && access::may_be_requesters(asked_.person, *request)) {
        const bool hidden = facts->email.empty();
        co_return outcome_of(
            hidden ? decision_result::not_mapped : decision_result::own_request,
            hidden ? "the service did not say the e-mail, so the account may be the requester's" : ""
        );
    }
    const std::string name = user_.empty() ? facts->email : user_;
    auto refused = access::refuse(shared_.rules, asked_, name, request, shared_.time.now());
    if (refused) {
        co_return *refused;
    }
    outcome made = co_await set_state(false);
    co_return made;
}

// As upstream has it where nobody judges: "jira:bob@example.com".
std::string decision_run::delegator() const {
    if (shared_.rules.as != access::review_as::anyone) {
        return user_;
    }
    const bool shown = asked_.person.facts && !asked_.person.facts->email.empty();
    return asked_.person.service + ':' + (shown ? asked_.person.facts->email : user_);
}

asio::awaitable<access::decision_outcome> decision_run::count_approval(access::access_request before) {
    access::approval mine{user_, asked_.person.service, asked_.person.id, shared_.time.now()};
    mine.reason = shortened(asked_.reason, most_reason_bytes);
    approval_store store(shared_.gateway, asked_.request_id);
    for (int attempt = 0;; ++attempt) {
        result<std::vector<access::approval>> given = co_await store.read();
        std::optional<fault> last;
        if (!given) {
            last = given.error();
        } else {
            const bool there = std::any_of(given->begin(), given->end(), [this](const access::approval& one) {
                return one.user == user_;
            });
            if (!there) {
                given->push_back(mine);
            }
            const unsigned missing = access::missing_approvals(shared_.rules.state, before, *given);
            // Nobody needs to remember the approval that decides.
            if (missing == 0) {
                outcome decided = co_await set_state(there);
                co_return decided;
            }
            outcome counted = outcome_of(
                there && !maybe_recorded_ ? decision_result::already_reviewed : decision_result::needs_more,
                ""
            );
            counted.missing = missing;
            if (there) {
                tell_counted();
                co_return counted;
            }
            const result<void> added = co_await store.add(mine);
            if (added) {
                tell_counted();
                co_return counted;
            }
            last = added.error();
            maybe_recorded_ = maybe_recorded_ || last->uncertain();
        }
        if (last->kind() == fault_kind::not_found) {
            co_return outcome_of(decision_result::expired, last->text());
        }
        if (is_refusal(last->kind())) {
            co_return outcome_of(decision_result::elsewhere, last->text());
        }
        const bool again = co_await pause(attempt);
        if (!again) {
            co_return failed(*last);
        }
    }
}

// Teleport tells nobody of it.
void decision_run::tell_counted() const {
    if (shared_.counted) {
        shared_.counted(asked_.request_id);
    }
}

asio::awaitable<access::decision_outcome> decision_run::set_state(bool approval_recorded) {
    for (int attempt = 0;; ++attempt) {
        // Teleport lets a denial overwrite an approval, so the request is looked at right before.
        const result<request_now> before = co_await read();
        if (!before) {
            co_return failed(before.error());
        }
        if (auto settled = settle_state(*before, fault(fault_kind::transient, ""), approval_recorded)) {
            co_return std::move(*settled);
        }
        ports::state_change change;
        change.request_id = asked_.request_id;
        change.state = access::proposed_by(asked_.what);
        change.delegator = delegator();
        change.reason = asked_.reason;
        const result<void> changed = co_await shared_.reviews.set_state(std::move(change));
        if (changed) {
            outcome made = outcome_of(decision_result::accepted, "");
            made.state = access::proposed_by(asked_.what);
            co_return made;
        }
        const fault last = changed.error();
        maybe_recorded_ = maybe_recorded_ || last.uncertain() || approval_recorded;
        if (last.kind() == fault_kind::cancelled) {
            co_return failed(last);
        }
        const result<request_now> now = co_await read();
        if (!now) {
            co_return failed(now.error());
        }
        if (auto settled = settle_state(*now, last, approval_recorded)) {
            co_return std::move(*settled);
        }
        const bool again = co_await pause(attempt);
        if (!again) {
            co_return failed(last);
        }
    }
}

std::optional<access::decision_outcome>
decision_run::settle_state(const request_now& now, const fault& last, bool approval_recorded) const {
    if (now && now->state == access::proposed_by(asked_.what) && (maybe_recorded_ || approval_recorded)) {
        outcome made = outcome_of(decision_result::accepted, "");
        made.state = now->state;
        return made;
    }
    if (auto resolved = settle_resolved(now)) {
        return resolved;
    }
    if (is_refusal(last.kind()) || last.kind() == fault_kind::conflict) {
        return outcome_of(decision_result::elsewhere, last.text());
    }
    return std::nullopt;
}

access::decision_outcome decision_run::failed(const fault& last) const {
    return outcome_of(maybe_recorded_ ? decision_result::unknown : decision_result::unreachable, last.text());
}

} // namespace hallpass::workflow
