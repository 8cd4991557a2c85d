// The part of the driver that tells people what it does.
#include "workflow/request_driver.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::workflow {

namespace {

ports::delivery_status describe(const access::delivery& to) {
    ports::delivery_status one;
    one.recipient = to.recipient;
    one.is_requester = to.reader == access::audience::requester;
    one.message = to.message;
    one.state = to.skipped ? ports::delivery_state::refused : ports::delivery_state::done;
    if (to.skipped) {
        one.why = "not sent again, as on_uncertain says: it is not known whether it arrived";
    }
    return one;
}

void explain(const access::patience& after, ports::delivery_status& one) {
    one.state = after.given_up ? ports::delivery_state::refused : ports::delivery_state::waiting;
    one.why = after.why;
    one.next_attempt = after.not_before;
}

} // namespace

ports::request_status request_driver::status() const {
    ports::request_status now;
    now.id = id_;
    now.state = deleted_ && !access::is_resolved(latest_) ? access::request_state::expired : latest_;
    now.created = age_.first;
    const std::unique_ptr<access::ledger> stored = ledger_ ? nullptr : store_.known();
    const access::ledger none;
    access::ledger known = ledger_ ? *ledger_ : stored ? *stored : none;
    now.user = newest_ ? newest_->user : known.last_seen.user;
    if (routes_) {
        access::add_deliveries(known, routes_->destinations());
    }
    for (const access::lane_outcome& outcome : unrecorded_) {
        access::record(outcome, known);
    }
    if (known.held && known.held->holder != shared_->options.instance &&
        known.held->until > shared_->time.now()) {
        now.held_by = known.held->holder;
    }
    // A request that is put away owes nothing: its last look said so.
    const access::plan planned = newest_ ? plan_now(known) : access::plan();
    const std::set<access::address> busy = lanes_.busy();
    for (const access::delivery& to : known.deliveries) {
        ports::delivery_status one = describe(to);
        const auto waited = patience_.find(to.to);
        const bool owed = std::any_of(planned.lanes.begin(), planned.lanes.end(), [&](const auto& lane) {
            return lane.to == to.to;
        });
        if (busy.contains(to.to)) {
            one.state = ports::delivery_state::sending;
        } else if (waited != patience_.end()) {
            explain(waited->second, one);
        } else if (owed || (!now.held_by.empty() && to.message.empty())) {
            one.state = ports::delivery_state::owed;
        }
        now.deliveries.push_back(std::move(one));
    }
    for (const auto& [wanted, after] :
         routes_ ? routes_->failures() : std::map<recipient_routes::recipient, access::patience>()) {
        ports::delivery_status one;
        one.recipient = wanted.second;
        one.is_requester = wanted.first == access::audience::requester;
        explain(after, one);
        now.deliveries.push_back(std::move(one));
    }
    return now;
}

} // namespace hallpass::workflow
