#include "teleport/transport/socket_deadline.hpp"

namespace hallpass::teleport::transport {

socket_deadline::socket_deadline(const boost::asio::any_io_executor& executor) : timer_(executor) {}

socket_deadline::~socket_deadline() {
    disarm();
}

void socket_deadline::arm(boost::asio::ip::tcp::socket& socket, std::chrono::milliseconds after) {
    disarm();
    watched_ = std::make_shared<watched>(watched{&socket});
    timer_.expires_after(after);
    timer_.async_wait([mine = watched_](const boost::system::error_code& error) {
        // A timer that has just run out can't be cancelled any more: the pointer says whether it still
        // counts.
        if (!error && mine->socket != nullptr) {
            mine->fired = true;
            boost::system::error_code ignored; // closing fails only where it is closed already
            mine->socket->close(ignored);
        }
    });
}

bool socket_deadline::disarm() {
    if (!watched_) {
        return false;
    }
    const bool fired = watched_->fired;
    watched_->socket = nullptr;
    watched_.reset();
    timer_.cancel();
    return fired;
}

} // namespace hallpass::teleport::transport
