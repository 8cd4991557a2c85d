#include "net/connection_pool.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace hallpass::net {

namespace asio = boost::asio;

struct connection_pool::host_record {
    std::vector<std::unique_ptr<client_connection>> resting; // the newest last, and taken first
    std::size_t open = 0;                                    // resting, leased and being opened
    std::deque<waiter*> waiting;
};

// Stands in its host's queue for as long as it lives and nothing was granted.
struct connection_pool::waiter {
    waiter(const asio::any_io_executor& executor, time_point deadline, host_record& record_)
        : timer(executor, deadline), record(record_) {
        record.waiting.push_back(this);
    }

    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;

    ~waiter() {
        if (!granted) {
            std::erase(record.waiting, this);
        }
    }

    asio::steady_timer timer;
    host_record& record; // kept while somebody waits in it
    bool granted = false;
    std::unique_ptr<client_connection> connection;
};

struct connection_pool::records {
    std::unordered_map<std::string, host_record> by_host;
    std::unordered_set<client_connection*> leased;
};

connection_pool::lease::lease(
    std::shared_ptr<connection_pool> pool, std::string host, std::unique_ptr<client_connection> connection
)
    : pool_(std::move(pool)), host_(std::move(host)) {
    if (connection) {
        fill(std::move(connection));
    }
}

void connection_pool::lease::fill(std::unique_ptr<client_connection> opened) {
    connection_ = std::move(opened);
    pool_->records_->leased.insert(connection_.get());
    if (pool_->closed_) {
        connection_->abort();
    }
}

connection_pool::lease::~lease() {
    if (pool_) {
        pool_->give_back(host_, std::move(connection_));
    }
}

connection_pool::connection_pool(
    asio::any_io_executor executor, std::size_t most_per_host, std::chrono::milliseconds idle
)
    : executor_(std::move(executor)),
      most_per_host_(most_per_host),
      idle_(idle),
      records_(std::make_unique<records>()) {}

connection_pool::~connection_pool() = default;

asio::awaitable<result<connection_pool::lease>> connection_pool::take(std::string host, time_point deadline) {
    const std::shared_ptr<connection_pool> self = shared_from_this();
    if (closed_) {
        co_return fault(fault_kind::cancelled, "the HTTP client is closed");
    }
    host_record& record = records_->by_host[host];
    while (!record.resting.empty()) {
        std::unique_ptr<client_connection> rested = std::move(record.resting.back());
        record.resting.pop_back();
        if (!rested->is_stale()) {
            co_return lease(self, std::move(host), std::move(rested));
        }
        --record.open;
    }
    if (record.open < most_per_host_) {
        ++record.open;
        co_return lease(self, std::move(host), nullptr);
    }
    waiter own(executor_, deadline, record);
    co_await own.timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (own.granted) {
        co_return lease(self, std::move(host), std::move(own.connection));
    }
    co_return fault(fault_kind::transient, "no connection became free in time");
}

void connection_pool::give_back(const std::string& host, std::unique_ptr<client_connection> connection) {
    records_->leased.erase(connection.get());
    const auto found = records_->by_host.find(host);
    if (found == records_->by_host.end()) {
        return;
    }
    host_record& record = found->second;
    if (connection && (closed_ || !connection->is_reusable())) {
        connection.reset();
    }
    if (!record.waiting.empty()) {
        waiter* const next = record.waiting.front();
        record.waiting.pop_front();
        next->granted = true;
        next->connection = std::move(connection);
        next->timer.cancel();
        return;
    }
    if (connection) {
        client_connection* const rested = connection.get();
        record.resting.push_back(std::move(connection));
        rested->rest(std::chrono::steady_clock::now() + idle_, [this, host, rested] {
            forget(host, rested);
        });
        return;
    }
    --record.open;
    if (record.open == 0) {
        records_->by_host.erase(found);
    }
}

void connection_pool::forget(const std::string& host, const client_connection* rested) {
    const auto found = records_->by_host.find(host);
    if (found == records_->by_host.end()) {
        return;
    }
    host_record& record = found->second;
    record.open -= std::erase_if(record.resting, [&](const auto& held) { return held.get() == rested; });
    if (record.open == 0 && record.waiting.empty()) {
        records_->by_host.erase(found);
    }
}

void connection_pool::close() {
    closed_ = true;
    for (auto& [host, record] : records_->by_host) {
        record.resting.clear();
        for (waiter* waiting : record.waiting) {
            waiting->timer.cancel();
        }
    }
    for (client_connection* leased : records_->leased) {
        leased->abort();
    }
}

} // namespace hallpass::net
