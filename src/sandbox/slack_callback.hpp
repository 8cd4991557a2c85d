// Brings payloads to the app: posts them to its Request URL, signed as Slack signs them (api-messaging 1.6),
// or gives them to one of its connections.
#pragma once

#include "ports/log.hpp"
#include "sandbox/callback_poster.hpp"
#include "sandbox/slack_callback_types.hpp"
#include "sandbox/slack_sockets.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>

namespace hallpass::sandbox {

// "v0=…" over the raw body.
std::string slack_signature(const std::string& secret, const std::string& timestamp, const std::string& body);

// On the io_context's thread.
class slack_callback {
public:
    // `out` and `sockets` outlive it.
    slack_callback(boost::asio::any_io_executor executor, slack_sockets& sockets, ports::log& out);

    // The authorities are beside the system's.
    void set_target(std::string url, const std::string& authorities_pem = {});

    const std::string& url() const noexcept { return url_; }

    slack_sockets& sockets() const noexcept { return sockets_; }

    boost::asio::awaitable<callback_answer> send(callback_request request);

    // Ends what is under way; to be awaited before the end.
    boost::asio::awaitable<void> close() { return poster_.close(); }

private:
    boost::asio::awaitable<callback_answer> post(callback_request request);

    slack_sockets& sockets_;
    callback_poster poster_;
    std::string url_;
};

} // namespace hallpass::sandbox
