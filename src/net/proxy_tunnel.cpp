#include "net/proxy_tunnel.hpp"

#include "base/text.hpp"
#include "net/encode.hpp"
#include "net/response_reader.hpp"
#include "net/socket_calls.hpp"
#include "net/watchdog.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <utility>

namespace hallpass::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

// The answer to CONNECT; nothing may follow it before we speak.
asio::awaitable<result<ports::http_response>> read_answer(tcp::socket& socket) {
    response_reader reader;
    const message_limits limits{16 * 1024, 16 * 1024};
    reader.restart(limits, true);
    std::array<char, 2048> part;
    std::string unused;
    while (!reader.done()) {
        const asio::mutable_buffer room(part.data(), part.size());
        const auto [error, count] =
            co_await socket.async_read_some(room, asio::as_tuple(asio::use_awaitable));
        if (error) {
            fault lost(fault_kind::transient, error.message());
            co_return lost;
        }
        unused.append(part.data(), count);
        unused.erase(0, reader.feed(unused));
        if (!reader.problem().empty()) {
            fault strange(fault_kind::permanent, "its answer " + reader.problem());
            co_return strange;
        }
    }
    ports::http_response answer = reader.take();
    if (answer.status / 100 == 2 && !unused.empty()) {
        fault early(fault_kind::permanent, "it sent bytes of its own into the tunnel");
        co_return early;
    }
    co_return answer;
}

} // namespace

asio::awaitable<result<void>> open_tunnel(
    tcp::socket& socket,
    const proxy_server& proxy,
    std::string authority,
    std::chrono::steady_clock::time_point deadline
) {
    watchdog limit(socket.get_executor(), [&socket] { close_socket(socket); });
    limit.set(deadline);
    const std::string whom = "the proxy " + host_and_port(proxy.host, proxy.port);
    const std::string asked = encode_connect(authority, proxy.authorization.reveal());
    const asio::const_buffer bytes(asked.data(), asked.size());
    const auto [error, count] =
        co_await asio::async_write(socket, bytes, asio::as_tuple(asio::use_awaitable));
    if (error) {
        fault lost(fault_kind::transient, whom + ": " + error.message());
        co_return lost;
    }
    const auto answer = co_await read_answer(socket);
    if (limit.expired()) {
        fault late(fault_kind::transient, whom + " took too long to open a tunnel");
        co_return late;
    }
    if (!answer) {
        co_return answer.error().in(whom);
    }
    if (answer->status / 100 != 2) {
        std::string said =
            whom + " refuses a tunnel to " + authority + " with status " + std::to_string(answer->status);
        said += answer->status == 407 ? "; check user and password in HTTPS_PROXY" : "";
        // 5xx: the proxy didn't reach the host, which may pass.
        fault refused(answer->status / 100 == 5 ? fault_kind::transient : fault_kind::permanent, said);
        co_return refused;
    }
    result<void> open;
    co_return open;
}

} // namespace hallpass::net
