// Brings interactions to the app: posts them to its Interactions Endpoint URL, signed as Discord signs them
// (api-messaging 2.3); where there is none, they go over the Gateway.
#pragma once

#include "ports/log.hpp"
#include "sandbox/callback_poster.hpp"
#include "sandbox/discord_gateway.hpp"
#include "sandbox/discord_signing.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <string>

namespace hallpass::sandbox {

struct discord_delivery {
    boost::json::object payload;
    bool forged = false; // signed by somebody else
    bool twice = false;  // the very same once more, when it has been answered
    std::chrono::seconds age{0};
    std::chrono::milliseconds deadline{3000}; // after which the person sees an error
};

struct discord_delivered {
    int status = 0; // 0: no answer came in time
    std::string body;
    std::string problem; // why there is no status
    int again = 0;       // of the second time
    std::chrono::milliseconds took{0};
};

// On the io_context's thread.
class discord_callback {
public:
    // Both outlive it.
    discord_callback(boost::asio::any_io_executor executor, discord_gateway& gateway, ports::log& out);

    discord_gateway& gateway() noexcept { return gateway_; }

    bool uses_gateway() const noexcept { return url_.empty() && gateway_.has_sessions(); }

    // What the app verifies by.
    std::string public_key() const { return key_.public_key(); }

    // The authorities are beside the system's.
    void set_target(std::string url, const std::string& authorities_pem = {});

    boost::asio::awaitable<discord_delivered> send(discord_delivery delivery);

    // Ends what is under way; to be awaited before the end.
    boost::asio::awaitable<void> close() { return poster_.close(); }

private:
    ports::http_request signed_request(const discord_delivery& delivery) const;

    discord_gateway& gateway_;
    callback_poster poster_;
    discord_signing_key key_;
    discord_signing_key other_key_;
    std::string url_;
};

} // namespace hallpass::sandbox
