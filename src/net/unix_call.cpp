#include "net/unix_call.hpp"

#include "base/text.hpp"
#include "net/byte_stream.hpp"
#include "net/client_connection.hpp"
#include "net/encode.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace hallpass::net {

namespace asio = boost::asio;
using local = asio::local::stream_protocol;

namespace {

constexpr std::size_t longest_path = 107; // Asio throws for a longer one
constexpr std::size_t header_bytes = std::size_t{16} * 1024;

fault cant_connect(const boost::system::error_code& error) {
    const std::string text = "can't connect: " + error.message();
    if (error == asio::error::connection_refused || error == boost::system::errc::no_such_file_or_directory) {
        return fault(fault_kind::not_found, text);
    }
    if (error == asio::error::access_denied || error == asio::error::no_permission) {
        return fault(fault_kind::unauthorised, text + "; ask as root, or as the user that hallpass runs as");
    }
    return fault(fault_kind::transient, text);
}

// A Unix socket is connected at once or not at all.
result<local::socket> connect(const asio::any_io_executor& executor, const std::string& path) {
    local::socket socket(executor);
    boost::system::error_code error;
    socket.open(local(), error);
    if (!error) {
        socket.non_blocking(true, error);
    }
    if (!error && path.size() > longest_path) {
        error = boost::system::errc::make_error_code(boost::system::errc::filename_too_long);
    }
    if (!error) {
        socket.connect(local::endpoint(path), error);
    }
    if (error) {
        return cant_connect(error);
    }
    return socket;
}

} // namespace

asio::awaitable<result<ports::http_response>> get_over_unix(asio::any_io_executor executor, unix_get call) {
    result<local::socket> socket = connect(executor, call.socket);
    if (!socket) {
        co_return socket.error().in(one_line(call.socket));
    }
    const ports::http_request request(ports::http_method::get, call.target);
    const std::string bytes = encode_request(request, call.target, "localhost", "");
    client_connection connection(executor, make_unix_stream(std::move(*socket)));
    message_limits limits;
    limits.header_bytes = header_bytes;
    limits.body_bytes = call.max_response_bytes;
    const auto until = std::chrono::steady_clock::now() + call.deadline;
    exchanged outcome = co_await connection.exchange(bytes, limits, until);
    if (outcome.late && !outcome.answer) {
        const std::string within = std::to_string(call.deadline.count());
        co_return fault(
            fault_kind::transient, one_line(call.socket) + ": no whole answer within " + within + " ms"
        );
    }
    if (!outcome.answer) {
        co_return outcome.answer.error().in(one_line(call.socket));
    }
    co_return std::move(outcome.answer);
}

} // namespace hallpass::net
