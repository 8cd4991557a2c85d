// Of several coroutines that miss the same answer, one asks and the others wait for it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace hallpass::teleport::enrich {

class single_flight {
public:
    explicit single_flight(boost::asio::any_io_executor executor);

    // Held by the one who asks; its end wakes the others.
    class turn {
    public:
        turn(single_flight& of, std::string key);
        ~turn();
        turn(const turn&) = delete;
        turn& operator=(const turn&) = delete;

    private:
        single_flight& of_;
        std::string key_;
    };

    bool is_taken(const std::string& key) const { return running_.contains(key); }

    // Until whoever asks for this key is done, or the time is over.
    boost::asio::awaitable<void> others(std::string key, std::chrono::steady_clock::time_point until);

private:
    struct waiting;

    boost::asio::any_io_executor executor_;
    std::map<std::string, std::shared_ptr<waiting>> running_;
};

} // namespace hallpass::teleport::enrich
