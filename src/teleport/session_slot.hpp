// The session that calls go to, or a wait for it.
#pragma once

#include "base/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <set>
#include <string>

namespace hallpass::teleport {

class session;

class session_slot {
public:
    // `peer` is "host:port", for texts.
    session_slot(boost::asio::any_io_executor executor, std::string peer);

    void put(std::shared_ptr<session> now);
    // Why there is none, for those who wait in vain.
    void set_reason(const fault& why);
    // For good: every wait, now and later, ends with a cancelled fault.
    void close();

    std::shared_ptr<session> current() const noexcept { return session_; }

    // A session that has ended counts as none. Transient where there is none until then.
    boost::asio::awaitable<result<std::shared_ptr<session>>> wait(std::chrono::steady_clock::time_point until
    );

private:
    struct waiter;

    void wake_all();

    boost::asio::any_io_executor executor_;
    std::string peer_;
    std::shared_ptr<session> session_;
    std::string reason_;
    bool closed_ = false;
    std::set<boost::asio::steady_timer*> waiting_;
};

} // namespace hallpass::teleport
