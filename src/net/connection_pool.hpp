// Keep-alive connections by host, bounded; who finds none free waits in order.
#pragma once

#include "base/result.hpp"
#include "net/client_connection.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace hallpass::net {

class connection_pool : public std::enable_shared_from_this<connection_pool> {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // One of the connections of a host, or the right to open one: connection() is null then. The place is
    // given back when the lease ends.
    class lease {
    public:
        lease() = default;
        lease(
            std::shared_ptr<connection_pool> pool,
            std::string host,
            std::unique_ptr<client_connection> connection
        );
        lease(lease&& other) noexcept = default;
        lease& operator=(lease&&) = delete;
        ~lease();

        client_connection* connection() const noexcept { return connection_.get(); }

        void fill(std::unique_ptr<client_connection> opened);

    private:
        std::shared_ptr<connection_pool> pool_;
        std::string host_;
        std::unique_ptr<client_connection> connection_;
    };

    connection_pool(
        boost::asio::any_io_executor executor, std::size_t most_per_host, std::chrono::milliseconds idle
    );
    ~connection_pool();

    // A connection that rested and is still alive, or the right to open one. transient where the deadline or
    // close() comes first.
    boost::asio::awaitable<result<lease>> take(std::string host, time_point deadline);

    // Ends every connection, also those that are leased, and every wait.
    void close();

private:
    struct waiter;
    struct host_record;
    struct records;

    void give_back(const std::string& host, std::unique_ptr<client_connection> connection);
    void forget(const std::string& host, const client_connection* rested);

    boost::asio::any_io_executor executor_;
    std::size_t most_per_host_;
    std::chrono::milliseconds idle_;
    std::unique_ptr<records> records_;
    bool closed_ = false;
};

} // namespace hallpass::net
