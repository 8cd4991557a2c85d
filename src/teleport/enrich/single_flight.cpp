#include "teleport/enrich/single_flight.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <set>
#include <utility>

namespace hallpass::teleport::enrich {

struct single_flight::waiting {
    std::set<boost::asio::steady_timer*> timers;
};

single_flight::single_flight(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

single_flight::turn::turn(single_flight& of, std::string key) : of_(of), key_(std::move(key)) {
    of_.running_.emplace(key_, std::make_shared<waiting>());
}

single_flight::turn::~turn() {
    const auto at = of_.running_.find(key_);
    for (boost::asio::steady_timer* timer : at->second->timers) {
        timer->cancel();
    }
    of_.running_.erase(at);
}

boost::asio::awaitable<void>
single_flight::others(std::string key, std::chrono::steady_clock::time_point until) {
    const auto at = running_.find(key);
    if (at == running_.end()) {
        co_return;
    }
    const std::shared_ptr<waiting> with = at->second;
    boost::asio::steady_timer timer(executor_, until);

    struct registration {
        std::shared_ptr<waiting> place;
        boost::asio::steady_timer* mine;

        ~registration() { place->timers.erase(mine); }
    } const registered{with, &timer};

    with->timers.insert(&timer);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

} // namespace hallpass::teleport::enrich
