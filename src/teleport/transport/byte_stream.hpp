// A connected, verified way to the Auth Service, however it came about.
#pragma once

#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <span>

namespace hallpass::teleport::transport {

// On the io_context thread. One read and one write may run at the same time.
class byte_stream {
public:
    virtual ~byte_stream() = default;

    // At least one byte, or the fault that ended the stream: transient, or unauthorised where the other side
    // refused our certificate, which with TLS 1.3 it says only here.
    virtual boost::asio::awaitable<result<std::size_t>> read_some(std::span<std::byte> into) = 0;
    // All of it, or a fault.
    virtual boost::asio::awaitable<result<void>> write(std::span<const std::byte> all) = 0;
    // Ends the read and the write that are under way, with a fault. Repeatable.
    virtual void close() noexcept = 0;
};

} // namespace hallpass::teleport::transport
