#include "workflow/dispatcher.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace hallpass::workflow {

namespace asio = boost::asio;

dispatcher::dispatcher(environment shared)
    : shared_(std::move(shared)), tasks_(shared_.executor, shared_.out) {}

void dispatcher::connected(const access::cluster& to) {
    shared_.cluster = to;
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
}

void dispatcher::stop() {
    stopping_ = true;
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
