// The stream of events about Access Requests.
#pragma once

#include "access/access_request.hpp"
#include "base/result.hpp"
#include "teleport/call.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <variant>

namespace hallpass::teleport {

struct request_changed {
    access::access_request request;
};

struct request_deleted {
    std::string id;
};

using watch_event = std::variant<request_changed, request_deleted>;

class watch {
public:
    explicit watch(std::shared_ptr<session> on);

    // Subscribes and waits for the server's INIT; afterwards every change comes through next(). Faults:
    // malformed where the stream begins with something else, unauthorised where the kind was not granted,
    // transient where INIT doesn't come in time.
    boost::asio::awaitable<result<void>> open(std::chrono::milliseconds limit);

    // The next event about an Access Request; others are passed over. The end of the stream is a fault,
    // whatever its reason: subscribe and list again.
    boost::asio::awaitable<result<watch_event>> next();

    // Ends open() or next() soon. Repeatable.
    void cancel() noexcept;

private:
    boost::asio::awaitable<fault> end_of_stream();
    result<void> check_first(const proto::Event& first) const;

    std::shared_ptr<session> on_;
    std::shared_ptr<server_stream<proto::Event>> stream_;
};

} // namespace hallpass::teleport
