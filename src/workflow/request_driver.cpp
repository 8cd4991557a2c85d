#include "workflow/request_driver.hpp"

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

} // namespace

request_driver::request_driver(environment& shared, std::string request_id)
    : shared_(&shared),
      id_(std::move(request_id)),
      store_(shared.gateway, std::string(shared.service.name()), id_),
      alarm_(shared.time.make_alarm()) {}

void request_driver::put(access::access_request newest, origin from) {
    // Also where a newer snapshot replaces this one before anybody looks: whoever was to be told is told.
    seen_pending_ = seen_pending_ || newest.state == access::request_state::pending;
    latest_ = newest.state;
    inbox_ = std::make_unique<access::access_request>(std::move(newest));
    inbox_from_ = from;
    recheck_ = false;
    alarm_->wake();
}

void request_driver::put_deleted() {
    deleted_ = true;
    recheck_ = false;
    alarm_->wake();
}

void request_driver::recheck() {
    recheck_ = true;
    alarm_->wake();
}

void request_driver::stop() {
    stopping_ = true;
    alarm_->wake();
}

asio::awaitable<void> request_driver::run() {
    while (!stopping_ && !finished_) {
        co_await take_turn();
        if (pause_ > 0ms && !stopping_ && !finished_) {
            co_await alarm_->wait(pause_);
        }
    }
    finished_ = true;
}

asio::awaitable<void> request_driver::take_turn() {
    pause_ = 0ms;
    const result<gate::pass> admitted = co_await shared_->working.enter();
    if (admitted) {
        co_await look_once();
    } else {
        stopping_ = true;
    }
}

asio::awaitable<void> request_driver::look_once() {
    const bool has_news = co_await read_inbox();
    if (!has_news) {
        if (pause_ == 0ms) {
            rest_until(std::nullopt); // nobody has told us anything yet
        }
        co_return;
    }
    const bool has_ledger = co_await know_ledger();
    if (!has_ledger) {
        co_return;
    }
    co_await resolve_recipients();
    access::plan planned = plan_now();
    if (data_gone_) {
        co_await perform_unrecorded(std::move(planned));
    } else if (!planned.lanes.empty()) {
        co_await perform(std::move(planned));
    } else if (planned.settled) {
        // An event that came while we waited for an answer would otherwise be lost with us.
        finished_ = !inbox_ && !recheck_ && (!deleted_ || access::is_resolved(newest_->state));
    } else {
        rest_until(planned.look_again);
        if (planned.held_by_other) {
            forget_ledger();
        } else if (!planned.look_again) {
            put_away();
        }
    }
}

// False where there is nothing to work on yet.
asio::awaitable<bool> request_driver::read_inbox() {
    if (recheck_) {
        const bool learnt = co_await learn_what_became_of_it();
        if (!learnt) {
            co_return false;
        }
    }
    if (inbox_) {
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
        newest_ = std::move(request);
    }
    if (deleted_ && newest_ && !access::is_resolved(newest_->state)) {
        newest_->state = access::request_state::expired;
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
        put(std::move(**now), origin::listed);
    } else {
        deleted_ = true;
    }
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
    }
    may_assume_absent_ = false;
    if (!newest_) {
        // It was deleted while it was put away, or before we ever saw it: what was written is all there is to
        // know.
        newest_ = std::make_unique<access::access_request>(ledger_->last_seen);
        if (!access::is_resolved(newest_->state)) {
            newest_->state = access::request_state::expired;
        }
    }
    co_return true;
}

asio::awaitable<void> request_driver::resolve_recipients() {
    if (!seen_pending_ || newest_->state == access::request_state::expired || ledger_->adopted) {
        co_return;
    }
    if (!routes_) {
        routes_ = std::make_unique<recipient_routes>(*shared_);
    }
    co_await routes_->resolve(*newest_);
    access::add_deliveries(*ledger_, routes_->destinations());
}

access::plan request_driver::plan_now() const {
    access::outlook seen;
    seen.now = shared_->time.now();
    seen.me = shared_->options.instance;
    seen.patience_for = patience_;
    access::plan planned = access::make_plan(*newest_, *ledger_, seen);
    if (routes_ && !access::is_resolved(newest_->state)) {
        if (const auto due = routes_->next_attempt()) {
            planned.look_again = planned.look_again ? std::min(*planned.look_again, *due) : *due;
        }
    }
    return planned;
}

void request_driver::rest_until(std::optional<instant> when) {
    pause_ = until_woken;
    if (when) {
        pause_ = std::clamp<std::chrono::milliseconds>(*when - shared_->time.now(), 1ms, until_woken);
    }
}

void request_driver::put_away() {
    if (newest_->reviews.empty()) {
        newest_.reset(
        ); // reviews aren't in the ledger, and a deleted request's last message still shows them
    }
    ledger_.reset();
    routes_.reset();
    patience_.clear();
}

void request_driver::forget_ledger() {
    ledger_.reset();
    store_.forget();
    may_assume_absent_ = false;
}

ports::request_status request_driver::status() const {
    ports::request_status now;
    now.id = id_;
    now.state = latest_;
    return now;
}

std::string request_driver::service_name() const {
    return std::string(shared_->service.name());
}

} // namespace hallpass::workflow
