#include "teleport/transport/name_lookup.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstring>
#include <mutex>
#include <netdb.h>
#include <optional>
#include <sys/socket.h>
#include <thread>
#include <utility>

namespace hallpass::teleport::transport {

using boost::asio::ip::tcp;

namespace {

using endpoints = std::vector<tcp::endpoint>;

std::optional<tcp::endpoint> to_endpoint(const addrinfo& info) {
    tcp::endpoint endpoint;
    if ((info.ai_family != AF_INET && info.ai_family != AF_INET6) || info.ai_addrlen > endpoint.capacity()) {
        return std::nullopt;
    }
    std::memcpy(endpoint.data(), info.ai_addr, info.ai_addrlen);
    endpoint.resize(info.ai_addrlen);
    return endpoint;
}

// Blocks; on the lookup's own thread.
result<endpoints> look_up(const address& at) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const std::string port = std::to_string(at.port);
    if (const int error = ::getaddrinfo(at.host.c_str(), port.c_str(), &hints, &list); error != 0) {
        return fault(
            fault_kind::transient, "the name " + at.host + " can't be resolved: " + ::gai_strerror(error)
        );
    }
    endpoints found;
    for (const addrinfo* info = list; info != nullptr; info = info->ai_next) {
        if (const auto endpoint = to_endpoint(*info)) {
            found.push_back(*endpoint);
        }
    }
    ::freeaddrinfo(list);
    if (found.empty()) {
        return fault(fault_kind::transient, "the name " + at.host + " has no address");
    }
    return found;
}

} // namespace

struct name_lookup::lookup {
    explicit lookup(const boost::asio::any_io_executor& executor) : timer(executor) {}

    boost::asio::steady_timer timer; // of the io_context thread
    bool cancelled = false;
    std::optional<result<endpoints>> answer;
    std::mutex posting;
    // Cleared before the io_context may go away; the lookup's thread posts only while it is set.
    bool wanted = true;
};

name_lookup::name_lookup(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

name_lookup::~name_lookup() {
    if (current_) {
        const std::lock_guard lock(current_->posting);
        current_->wanted = false;
    }
}

boost::asio::awaitable<result<endpoints>> name_lookup::resolve(address at, std::chrono::milliseconds limit) {
    boost::system::error_code error;
    const auto literal = boost::asio::ip::make_address(at.host, error);
    if (!error) {
        co_return endpoints(1, tcp::endpoint(literal, at.port));
    }
    if (!current_) {
        current_ = std::make_shared<lookup>(executor_);
        std::thread([at, mine = current_, executor = executor_] {
            result<endpoints> answer = look_up(at);
            const std::lock_guard lock(mine->posting);
            if (mine->wanted) {
                boost::asio::post(executor, [mine, answer = std::move(answer)]() mutable {
                    mine->answer.emplace(std::move(answer));
                    mine->timer.cancel();
                });
            }
        }).detach();
    }
    const std::shared_ptr<lookup> mine = current_;
    mine->cancelled = false;
    if (!mine->answer) {
        mine->timer.expires_after(limit);
        co_await mine->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    if (mine->answer) {
        current_.reset();
        co_return std::move(*mine->answer);
    }
    if (mine->cancelled) {
        co_return fault(fault_kind::cancelled, "the look-up of " + at.host + " was given up");
    }
    co_return fault(fault_kind::transient, "the name " + at.host + " can't be resolved: no answer in time");
}

void name_lookup::cancel() noexcept {
    if (current_) {
        current_->cancelled = true;
        current_->timer.cancel();
    }
}

} // namespace hallpass::teleport::transport
