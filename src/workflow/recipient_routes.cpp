#include "workflow/recipient_routes.hpp"

#include "access/routing.hpp"
#include "base/text.hpp"
#include "workflow/admission.hpp"

#include <algorithm>

namespace hallpass::workflow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct recipient_routes::state {
    struct attempt {
        bool known = false;
        bool under_way = false;
        bool held_back = false;
        access::patience after; // the last failure
    };

    state(environment& with, ports::alarm& told) : shared(&with), answered(&told) {}

    void note(const std::string& request_id, const recipient& wanted, const fault& why);

    environment* shared;
    ports::alarm* answered;
    std::map<recipient, attempt> attempts;
    std::vector<access::destination> destinations;
    std::size_t under_way = 0;
    instant asked_at;
    bool held_back = false;
    bool asking = false; // an answer that comes at once wakes nobody
};

recipient_routes::recipient_routes(environment& shared, ports::alarm& answered)
    : state_(std::make_shared<state>(shared, answered)) {}

recipient_routes::~recipient_routes() {
    state_->answered = nullptr;
}

void recipient_routes::ask(const access::access_request& request, const admit_one& admit, bool& warned) {
    environment& shared = *state_->shared;
    access::routed wanted;
    if (auto own = shared.service.recipients(request)) {
        wanted.recipients = std::move(*own);
    } else {
        wanted = access::route(request, shared.routing);
    }
    if (!warned && (wanted.recipients.empty() || !wanted.ignored_reviewers.empty())) {
        warned = true;
        shared.out.warning(
            wanted.recipients.empty() ? "no_recipient" : "reviewer_is_no_email",
            {{"service", std::string(shared.service.name())},
             {"request_id", request.id},
             {"roles", joined(request.roles, ",")},
             {"ignored_reviewers", joined(wanted.ignored_reviewers, ",")}}
        );
    }
    state_->asking = true;
    state_->held_back = false;
    const instant now = shared.time.now();
    const auto ask_for = [&](access::audience reader, const std::string& name) {
        state::attempt& last = state_->attempts[{reader, name}];
        if (last.known || last.under_way || last.after.not_before > now) {
            return;
        }
        std::optional<admission::pass> admitted = admit();
        last.held_back = !admitted;
        state_->held_back = state_->held_back || !admitted;
        if (!admitted) {
            return;
        }
        last.under_way = true;
        ++state_->under_way;
        state_->asked_at = now;
        shared.tasks->spawn(
            "look-up of a recipient", resolve_one(state_, request.id, {reader, name}, std::move(*admitted))
        );
    };
    // One place is the requester's: a hostile list of reviewers must not crowd it out, nor ask without end.
    const std::size_t most = access::max_deliveries - 1;
    for (std::size_t i = 0; i < std::min(wanted.recipients.size(), most); ++i) {
        ask_for(access::audience::approver, wanted.recipients[i]);
    }
    if (wanted.recipients.size() > most && !warned) {
        warned = true;
        shared.out.warning(
            "too_many_recipients", {{"service", std::string(shared.service.name())},
                                    {"request_id", request.id},
                                    {"recipients", std::to_string(wanted.recipients.size())},
                                    {"told", std::to_string(most)}}
        );
    }
    if (!request.user.empty()) {
        ask_for(access::audience::requester, request.user);
    }
    state_->asking = false;
}

std::optional<instant> recipient_routes::asking_since() const {
    return state_->under_way > 0 ? std::optional(state_->asked_at) : std::nullopt;
}

const std::vector<access::destination>& recipient_routes::destinations() const noexcept {
    return state_->destinations;
}

bool recipient_routes::held_back() const noexcept {
    return state_->held_back;
}

bool recipient_routes::incomplete() const {
    return std::any_of(state_->attempts.begin(), state_->attempts.end(), [](const auto& one) {
        return !one.second.known && !one.second.after.given_up;
    });
}

std::optional<instant> recipient_routes::next_attempt(bool refused_too) const {
    std::optional<instant> next;
    for (const auto& [recipient, last] : state_->attempts) {
        const bool due = !last.known && !last.under_way && !last.held_back;
        if (due && (refused_too || !last.after.given_up)) {
            next = next ? std::min(*next, last.after.not_before) : last.after.not_before;
        }
    }
    return next;
}

std::map<recipient_routes::recipient, access::patience> recipient_routes::failures() const {
    std::map<recipient, access::patience> all;
    for (const auto& [wanted, last] : state_->attempts) {
        if (!last.known && !last.after.why.empty()) {
            all.emplace(wanted, last.after);
        }
    }
    return all;
}

asio::awaitable<void> recipient_routes::resolve_one(
    std::shared_ptr<state> all, std::string request_id, recipient wanted, admission::pass admitted
) {
    std::optional<access::address> to;
    std::optional<fault> failed;
    if (wanted.first == access::audience::requester) {
        result<std::optional<access::address>> found =
            co_await all->shared->service.resolve_requester(wanted.second);
        if (found) {
            to = std::move(*found);
        } else {
            failed = found.error();
        }
    } else {
        result<access::address> found = co_await all->shared->service.resolve(wanted.second);
        if (found) {
            to = std::move(*found);
        } else {
            failed = found.error();
        }
    }
    state::attempt& last = all->attempts[wanted];
    last.under_way = false;
    --all->under_way;
    if (failed) {
        all->note(request_id, wanted, *failed);
        admitted.failed(*failed);
    } else {
        last.known = true;
        admitted.succeeded();
    }
    if (to) {
        access::destination there;
        there.recipient = wanted.second;
        there.reader = wanted.first;
        there.to = std::move(*to);
        all->destinations.push_back(std::move(there));
    }
    if (all->answered != nullptr && !all->asking) {
        all->answered->wake();
    }
}

void recipient_routes::state::note(const std::string& request_id, const recipient& wanted, const fault& why) {
    access::patience& last = attempts[wanted].after;
    last.given_up = is_refusal(why.kind());
    const auto before = shared->lanes.is_open() ? 0ms : last.wait; // the breaker does the waiting
    last.wait = last.given_up ? std::chrono::milliseconds(1h) : shared->chance.next(before, 500ms, 60s);
    if (why.retry_after()) {
        last.wait = std::max(*why.retry_after(), 1ms);
    }
    last.not_before = shared->time.now() + last.wait;
    last.why = why.text();
    shared->out.warning(
        "recipient_not_resolved", {{"service", std::string(shared->service.name())},
                                   {"request_id", request_id},
                                   {"recipient", wanted.second},
                                   {"error", why.text()},
                                   {"retry_in_ms", std::to_string(last.wait.count())}}
    );
}

} // namespace hallpass::workflow
