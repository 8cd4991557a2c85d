// A Slack over HTTPS that answers at once and remembers when each request's message came. On a thread of its
// own.
#pragma once

#include "net/http_server.hpp"
#include "support/recorded_log.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

namespace hallpass::bench {

class recording_slack {
public:
    explicit recording_slack(net::server_identity identity);
    ~recording_slack();

    std::string url() const;

    using moment = std::chrono::steady_clock::time_point;

    // When the message about this request came; throws where it hasn't within the limit.
    moment
    arrival_of(const std::string& request_id, std::chrono::milliseconds limit = std::chrono::seconds(30));

    // When there were so many messages in all since the last call of forget().
    moment arrival_of_number(std::size_t count, std::chrono::milliseconds limit = std::chrono::seconds(60));

    void forget();

private:
    boost::asio::awaitable<net::server_response> answer(net::server_request request);
    void remember(const std::string& body);

    boost::asio::io_context context_{1};
    test::recorded_log log_;
    std::unique_ptr<net::http_server> server_;
    std::thread thread_;

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::unordered_map<std::string, moment> arrivals_;
    moment last_;
    std::size_t messages_ = 0;
};

} // namespace hallpass::bench
