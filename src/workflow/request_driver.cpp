#include "workflow/request_driver.hpp"

#include "workflow/approval_store.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::workflow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto until_woken = std::chrono::milliseconds(std::chrono::hours(24));

// What a snapshot lacks, because only further calls told it.
void keep_enrichment(const access::access_request& from, access::access_request& to) {
    to.logins_by_role = from.logins_by_role;
    for (access::requested_resource& resource : to.resources) {
        const auto same = std::find_if(from.resources.begin(), from.resources.end(), [&](const auto& known) {
            return known.cluster == resource.cluster && known.kind == resource.kind &&
                   known.name == resource.name;
        });
        if (same != from.resources.end()) {
            resource.friendly_name = same->friendly_name;
        }
    }
}

std::shared_ptr<const access::access_request> expired(access::access_request last_seen) {
    if (!access::is_resolved(last_seen.state)) {
        last_seen.state = access::request_state::expired;
    }
    return std::make_shared<const access::access_request>(std::move(last_seen));
}

void sooner(std::optional<instant>& when, std::optional<instant> other) {
    if (other) {
        when = when ? std::min(*when, *other) : *other;
    }
}

} // namespace

request_driver::request_driver(environment& shared, std::string request_id)
    : shared_(&shared),
      id_(std::move(request_id)),
      age_(shared.time.now(), id_),
      store_(shared.gateway, std::string(shared.service.name()), id_),
      alarm_(shared.time.make_alarm()),
      lanes_(shared, *alarm_) {}

request_driver::~request_driver() {
    leave_lines();
}

void request_driver::put(access::access_request newest, origin from) {
    if (take_in(std::move(newest), from)) {
        called_ = true;
        alarm_->wake();
    }
}

bool request_driver::take_in(access::access_request newest, origin from) {
    // A resolved request never is pending again, and no review is taken back.
    const bool resolved = access::is_resolved(newest.state);
    if (std::pair(access::is_resolved(latest_), latest_reviews_) >
        std::pair(resolved, newest.reviews.size())) {
        return false;
    }
    const bool news = newest.state != latest_ || newest.reviews.size() != latest_reviews_;
    // Also where a newer snapshot replaces this one before anybody looks: whoever was to be told is told.
    seen_pending_ = seen_pending_ || newest.state == access::request_state::pending;
    latest_ = newest.state;
    latest_reviews_ = newest.reviews.size();
    if (newest.created && in_line_.empty()) {
        age_.first = *newest.created;
    }
    inbox_ = std::make_unique<access::access_request>(std::move(newest));
    inbox_from_ = from;
    recheck_ = false;
    if (news) {
        lanes_.break_off();
    }
    return true;
}

void request_driver::put_deleted() {
    deleted_ = true;
    recheck_ = false;
    called_ = true;
    lanes_.break_off();
    alarm_->wake();
}

void request_driver::recheck() {
    recheck_ = true;
    called_ = true;
    alarm_->wake();
}

void request_driver::stop() {
    stopping_ = true;
    lanes_.break_off();
    lanes_.cut_at(shared_->time.now() + shared_->options.stop_patience);
    alarm_->wake();
}

asio::awaitable<void> request_driver::run() {
    while (!finished_ && !(stopping_ && at_rest())) {
        co_await take_turn();
        if (const auto cut = lanes_.next_cut()) {
            pause_ = std::min<std::chrono::milliseconds>(
                pause_, std::max<std::chrono::milliseconds>(1ms, *cut - shared_->time.now())
            );
        }
        if (pause_ > 0ms && !finished_ && !(stopping_ && at_rest())) {
            co_await alarm_->wait(pause_);
        }
    }
    finished_ = true;
    leave_lines();
    inside_.reset();
}

asio::awaitable<void> request_driver::take_turn() {
    pause_ = 0ms;
    if (!inside_) {
        result<gate::pass> admitted = co_await shared_->working.enter(age_);
        if (!admitted) {
            stopping_ = true;
            co_return;
        }
        inside_.emplace(std::move(*admitted));
    }
    co_await look_once();
    if (at_rest() && !(routes_ && routes_->asking_since())) {
        inside_.reset();
    }
}

asio::awaitable<void> request_driver::look_once() {
    lanes_.cut_late();
    take_ended();
    if (keeps_from_auth()) {
        pause_ = std::chrono::ceil<std::chrono::milliseconds>(auth_again_ - shared_->time.now());
        co_return;
    }
    called_ = false;
    const bool has_news = co_await read_inbox();
    if (!has_news) {
        if (pause_ == 0ms) {
            pause_ = until_woken; // nobody has told us anything yet
        }
        co_return;
    }
    const bool has_ledger = co_await know_ledger();
    if (!has_ledger) {
        co_return;
    }
    ask_recipients();
    for (const access::lane_outcome& outcome : unrecorded_) {
        access::record(outcome, *ledger_);
    }
    if (routes_) {
        access::add_deliveries(*ledger_, routes_->destinations());
        ledger_->incomplete = routes_->incomplete();
    }
    access::plan planned = plan_now(*ledger_);
    co_await act(std::move(planned));
}

// A lane that ends or a recipient's answer wakes us too, and is no reason to ask a troubled Auth sooner.
bool request_driver::keeps_from_auth() const {
    return !called_ && !stopping_ && shared_->time.now() < auth_again_;
}

void request_driver::keep_from_auth(std::chrono::milliseconds wait) {
    pause_ = wait;
    auth_again_ = shared_->time.now() + wait;
}

// False where there is nothing to work on yet.
asio::awaitable<bool> request_driver::read_inbox() {
    if (recheck_ && !stopping_) {
        const bool learnt = co_await learn_what_became_of_it();
        if (!learnt) {
            co_return false;
        }
    }
    if (inbox_ && !stopping_) {
        const bool accepted = co_await accept_snapshot();
        if (!accepted) {
            co_return false;
        }
    }
    if (deleted_ && newest_ && !access::is_resolved(newest_->state)) {
        newest_ = expired(*newest_);
    }
    co_return newest_ || deleted_;
}

asio::awaitable<bool> request_driver::learn_what_became_of_it() {
    recheck_ = false;
    result<std::optional<access::access_request>> now = co_await shared_->gateway.read_request(id_);
    if (!now) {
        recheck_ = true;
        auth_failed(now.error());
        co_return false;
    }
    if (*now) {
        take_in(std::move(**now), origin::listed);
    } else {
        put_deleted();
    }
    co_return true;
}

// False where the approvals so far couldn't be asked for.
asio::awaitable<bool> request_driver::accept_snapshot() {
    std::unique_ptr<access::access_request> request = std::move(inbox_);
    may_assume_absent_ = may_assume_absent_ && inbox_from_ == origin::live && request->reviews.empty();
    if (enriched_) {
        keep_enrichment(*enriched_, *request);
    } else {
        *request = co_await shared_->gateway.enrich(std::move(*request));
        if (!request->logins_by_role.empty() || !request->resources.empty()) {
            enriched_ = std::make_unique<access::access_request>();
            enriched_->logins_by_role = request->logins_by_role;
            enriched_->resources = request->resources;
        }
    }
    if (shared_->judged_by != nullptr) {
        approval_store store(shared_->gateway, id_);
        const result<std::vector<access::approval>> given = co_await store.read();
        if (!given) {
            if (!inbox_) {
                inbox_ = std::move(request);
            }
            auth_failed(given.error());
            co_return false;
        }
        *request = access::with_approvals(*shared_->judged_by, std::move(*request), *given);
    }
    newest_ = std::move(request);
    co_return true;
}

asio::awaitable<bool> request_driver::know_ledger() {
    if (!ledger_) {
        ledger_ = store_.known();
    }
    if (!ledger_ && may_assume_absent_ && newest_ && newest_->state == access::request_state::pending) {
        ledger_ = std::make_unique<access::ledger>(store_.assume_absent());
    }
    if (!ledger_) {
        result<access::ledger> read = co_await store_.read();
        if (!read) {
            auth_failed(read.error());
            co_return false;
        }
        ledger_ = std::make_unique<access::ledger>(std::move(*read));
        const bool ours = ledger_->held && ledger_->held->holder == shared_->options.instance;
        claimed_ = ours && !access::keeps_claim(*ledger_, shared_->time.now());
        if (!ours) {
            lanes_.overtaken();
            for (access::lane_outcome& outcome : unrecorded_) {
                outcome.overtaken = true;
            }
        }
    }
    may_assume_absent_ = false;
    stored_incomplete_ = stored_incomplete_ || ledger_->incomplete;
    // Somebody saw it pending, and didn't come to the end of its recipients.
    seen_pending_ = seen_pending_ || ledger_->incomplete;
    if (!newest_) {
        // It was deleted while it was put away, or before we ever saw it: what was written is all there is to
        // know.
        newest_ = expired(ledger_->last_seen);
    }
    co_return true;
}

void request_driver::ask_recipients() {
    if (stopping_ || !seen_pending_ || newest_->state == access::request_state::expired || ledger_->adopted) {
        return;
    }
    if (!routes_) {
        routes_ = std::make_unique<recipient_routes>(*shared_, *alarm_);
    }
    const auto admit = [this] { return shared_->lanes.enter(look_ups, age_, *alarm_); };
    routes_->ask(*newest_, admit, warned_of_routing_);
    if (routes_->held_back()) {
        in_line_.insert(look_ups);
    } else {
        in_line_.erase(look_ups);
    }
}

access::plan request_driver::plan_now(const access::ledger& known) const {
    access::outlook seen;
    seen.now = shared_->time.now();
    seen.me = shared_->options.instance;
    seen.look_ups_from = shared_->started + shared_->options.settling;
    seen.patience_for = patience_;
    seen.busy = lanes_.busy();
    seen.letters = shared_->service.sends_letters();
    access::plan planned = access::make_plan(*newest_, known, seen);
    if (stopping_) {
        planned.lanes.clear();
    }
    return planned;
}

// A moment, so that all are told by one claim.
bool request_driver::waits_for_recipients() const {
    const auto since = routes_ ? routes_->asking_since() : std::nullopt;
    return since && shared_->time.now() < *since + shared_->options.together;
}

// It was pending when we saw it, and there may be a recipient who still is to be told how it ended.
bool request_driver::waits_for_somebody() const {
    return routes_ && newest_->state != access::request_state::expired && routes_->incomplete();
}

bool request_driver::at_rest() const noexcept {
    return lanes_.empty() && unrecorded_.empty() && !claimed_;
}

// Until something is due, or somebody wakes us.
void request_driver::rest(const access::plan& planned) {
    std::optional<instant> when = planned.look_again;
    if (routes_ && newest_->state != access::request_state::expired) {
        sooner(when, routes_->next_attempt(!access::is_resolved(newest_->state)));
    }
    if (waits_for_recipients()) {
        sooner(when, *routes_->asking_since() + shared_->options.together);
    }
    if (!unrecorded_.empty() && !lanes_.empty()) {
        sooner(when, unrecorded_since_ + shared_->options.together);
    }
    for (const access::address& to : in_line_) {
        sooner(when, shared_->lanes.ask_again(to, age_));
    }
    pause_ = until_woken;
    if (when) {
        pause_ = std::clamp<std::chrono::milliseconds>(*when - shared_->time.now(), 1ms, until_woken);
    }
    if (!at_rest()) {
        return;
    }
    if (planned.held_by_other) {
        forget_ledger();
    } else if (!when && !(routes_ && routes_->asking_since())) {
        put_away();
    }
}

void request_driver::put_away() {
    ledger_.reset();
    routes_.reset();
    if (!in_line_.empty()) {
        return; // woken by its turn, it goes on with what it has
    }
    patience_.clear();
    if (newest_->reviews.empty()) {
        newest_.reset(
        ); // reviews aren't in the ledger, and a deleted request's last message still shows them
    }
}

void request_driver::forget_ledger() {
    ledger_.reset();
    store_.forget();
    may_assume_absent_ = false;
}

std::string request_driver::service_name() const {
    return std::string(shared_->service.name());
}

} // namespace hallpass::workflow
