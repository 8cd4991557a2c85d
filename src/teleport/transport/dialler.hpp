// Makes connections to the Auth Service; nothing above knows by which way.
#pragma once

#include "base/result.hpp"
#include "teleport/identity.hpp"
#include "teleport/transport/byte_stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace hallpass::teleport::transport {

class dialler {
public:
    virtual ~dialler() = default;

    // A stream on which both sides' certificates have been shown, ours verified or not, and HTTP/2 agreed.
    // Ends within its own limit. One dial at a time.
    virtual boost::asio::awaitable<result<std::unique_ptr<byte_stream>>>
    dial(std::shared_ptr<const identity> as) = 0;

    // Ends the dial that is under way, with a cancelled fault.
    virtual void cancel() noexcept = 0;
};

} // namespace hallpass::teleport::transport
