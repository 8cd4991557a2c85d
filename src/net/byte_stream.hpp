// A connected stream of bytes, plain or TLS, so that nothing above instantiates socket templates.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

namespace hallpass::net {

using io_outcome = std::tuple<boost::system::error_code, std::size_t>;

// One reader and one writer at a time, on the io_context thread. Errors are Asio's codes, never exceptions.
class byte_stream {
public:
    virtual ~byte_stream() = default;

    // At least one byte, or an error; eof where the peer has ended the stream properly.
    virtual boost::asio::awaitable<io_outcome> read_some(std::span<char> into) = 0;
    // All of it, or an error and how many bytes were handed over in whole writes before it.
    virtual boost::asio::awaitable<io_outcome> write(std::string_view all) = 0;
    // Tells the peer that nothing more comes, then reads what it still sends until it closes too, so that the
    // last answer isn't lost to a reset. The caller bounds it in time with abort().
    virtual boost::asio::awaitable<void> finish() = 0;

    // Ends the operation under way with operation_aborted; writing is still possible afterwards.
    virtual void cancel() noexcept = 0;
    // Closes at once; every operation under way ends with an error.
    virtual void abort() noexcept = 0;

    // For a stream at rest: the peer has closed it, or sent what nobody asked for.
    virtual bool is_stale() noexcept = 0;
};

// Takes the socket over; sets TCP_NODELAY.
std::unique_ptr<byte_stream> make_plain_stream(boost::asio::ip::tcp::socket socket);
std::unique_ptr<byte_stream> make_unix_stream(boost::asio::local::stream_protocol::socket socket);

// "192.0.2.1:4242", "[2001:db8::1]:4242".
std::string to_text(const boost::asio::ip::tcp::endpoint& endpoint);

} // namespace hallpass::net
