#include "workflow/dispatcher.hpp"

#include "access/plan.hpp"
#include "workflow/ledger_codec.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace hallpass::workflow {

namespace asio = boost::asio;

namespace {

// What is still owed then was refused, or nobody knows enough any more to send it.
constexpr std::chrono::hours look_again_after{1};

} // namespace

dispatcher::dispatcher(environment shared)
    : shared_(std::move(shared)),
      tasks_(shared_.executor, shared_.out),
      reconcile_again_(shared_.time.make_alarm()) {
    shared_.tasks = &tasks_;
    shared_.started = shared_.time.now();
}

void dispatcher::connected(const access::cluster& to) {
    shared_.cluster = to;
    reconciled_at_.reset();
}

void dispatcher::changed(access::access_request request) {
    const std::string id = request.id;
    tell(id, [&](request_driver& driver) { driver.put(std::move(request), origin::live); });
}

void dispatcher::deleted(std::string request_id) {
    tell(request_id, [](request_driver& driver) { driver.put_deleted(); });
}

void dispatcher::listed(std::vector<access::access_request> pending) {
    std::unordered_set<std::string> still_pending;
    for (access::access_request& request : pending) {
        const std::string id = request.id;
        still_pending.insert(id);
        tell(id, [&](request_driver& driver) { driver.put(std::move(request), origin::listed); });
    }
    for (const auto& [id, driver] : drivers_) {
        if (!still_pending.contains(id) && driver->open()) {
            driver->recheck();
        }
    }
    // A listing of plugin data is large, and what it finds doesn't come up while we watch.
    const instant now = shared_.time.now();
    const bool due = !reconciled_at_ || *reconciled_at_ + look_again_after <= now;
    if (!stopping_ && due) {
        reconciled_at_ = now;
        ++listings_;
        reconcile_again_->wake();
        tasks_.spawn("reconcile", reconcile(std::move(still_pending), listings_));
    }
}

asio::awaitable<void> dispatcher::reconcile(std::unordered_set<std::string> pending, std::size_t listing) {
    const std::string plugin(shared_.service.name());
    std::chrono::milliseconds wait{0};
    while (!stopping_ && listing == listings_) {
        result<std::vector<ports::stored_plugin_data>> all =
            co_await shared_.gateway.list_plugin_data(plugin, pending);
        if (all) {
            look_at(*all);
            co_return;
        }
        if (all.error().kind() == fault_kind::cancelled) {
            co_return;
        }
        if (is_refusal(all.error().kind())) {
            shared_.out.error(
                "plugin_data_not_listed", {{"service", plugin},
                                           {"error", all.error().text()},
                                           {"hint", "allow the verbs list and read on access_plugin_data; "
                                                    "until then, requests that ended while "
                                                    "hallpass was away are not updated"}}
            );
            co_return;
        }
        wait = shared_.chance.next(wait, std::chrono::seconds(1), std::chrono::minutes(1));
        shared_.out.warning(
            "plugin_data_not_listed", {{"service", plugin},
                                       {"error", all.error().text()},
                                       {"retry_in_ms", std::to_string(wait.count())}}
        );
        co_await reconcile_again_->wait(wait);
    }
}

void dispatcher::look_at(const std::vector<ports::stored_plugin_data>& all) {
    std::unordered_map<std::string, instant> looked_at;
    const instant now = shared_.time.now();
    for (const ports::stored_plugin_data& one : all) {
        const access::ledger known = decode_ledger(one.request_id, one.data, shared_.service.name());
        if (drivers_.contains(one.request_id) ||
            !access::is_unfinished(known, shared_.service.sends_letters())) {
            continue;
        }
        const auto before = looked_at_.find(one.request_id);
        if (before != looked_at_.end() && before->second + look_again_after > now) {
            looked_at.insert(*before);
            continue;
        }
        looked_at[one.request_id] = now;
        tell(one.request_id, [](request_driver& driver) { driver.recheck(); });
    }
    looked_at_ = std::move(looked_at);
}

void dispatcher::look_again(const std::string& request_id) {
    tell(request_id, [](request_driver& driver) { driver.recheck(); });
}

void dispatcher::stop() {
    stopping_ = true;
    reconcile_again_->wake();
    for (const auto& [id, driver] : drivers_) {
        driver->stop();
    }
}

asio::awaitable<void> dispatcher::join() {
    co_await tasks_.join();
}

void dispatcher::abort() {
    tasks_.cancel();
}

ports::service_status dispatcher::status() const {
    ports::service_status now;
    now.service = shared_.service.name();
    now.why_paused = shared_.lanes.why_open();
    now.paused_until = shared_.lanes.open_until();
    now.sent = shared_.counts.sent;
    now.failed = shared_.counts.failed;
    now.found_after_uncertain_send = shared_.counts.found_after_uncertain_send;
    now.repeated_after_uncertain_send = shared_.counts.repeated_after_uncertain_send;
    now.skipped_after_uncertain_send = shared_.counts.skipped_after_uncertain_send;
    for (const auto& [id, driver] : drivers_) {
        now.requests.push_back(driver->status());
    }
    std::sort(now.requests.begin(), now.requests.end(), [](const auto& left, const auto& right) {
        return std::tie(left.created, left.id) < std::tie(right.created, right.id);
    });
    return now;
}

void dispatcher::tell(const std::string& request_id, const std::function<void(request_driver&)>& news) {
    if (stopping_) {
        return;
    }
    std::shared_ptr<request_driver>& slot = drivers_[request_id];
    const bool is_new = !slot || slot->finished();
    if (is_new) {
        slot = std::make_shared<request_driver>(shared_, request_id);
    }
    const std::shared_ptr<request_driver> driver = slot;
    news(*driver);
    if (is_new) {
        // It may run up to its first wait right here, so the news comes first.
        tasks_.spawn("request " + request_id, driver->run(), [this, driver, request_id] {
            const auto found = drivers_.find(request_id);
            if (found != drivers_.end() && found->second == driver) {
                drivers_.erase(found);
            }
        });
    }
}

} // namespace hallpass::workflow
