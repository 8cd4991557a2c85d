// A limit on what a socket is doing: it is closed when the time is over, which ends every operation on it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>

namespace hallpass::teleport::transport {

class socket_deadline {
public:
    explicit socket_deadline(const boost::asio::any_io_executor& executor);
    ~socket_deadline();
    socket_deadline(const socket_deadline&) = delete;
    socket_deadline& operator=(const socket_deadline&) = delete;

    // The socket must live until disarm() or the end of this object.
    void arm(boost::asio::ip::tcp::socket& socket, std::chrono::milliseconds after);
    // True where the time was over and the socket has been closed.
    bool disarm();

private:
    struct watched {
        boost::asio::ip::tcp::socket* socket;
        bool fired = false;
    };

    boost::asio::steady_timer timer_;
    std::shared_ptr<watched> watched_;
};

} // namespace hallpass::teleport::transport
