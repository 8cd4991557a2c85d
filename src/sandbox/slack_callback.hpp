// Posts payloads to the app's Request URL, signed as Slack signs them (api-messaging 1.6).
#pragma once

#include "net/http_client.hpp"
#include "ports/log.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace hallpass::sandbox {

// The app's signing secret; everybody may know it.
constexpr const char* sandbox_signing_secret = "sandbox-signing-secret";

// "v0=…" over the raw body.
std::string slack_signature(const std::string& secret, const std::string& timestamp, const std::string& body);

struct callback_request {
    boost::json::object payload;
    std::string secret = sandbox_signing_secret; // another one makes a forgery
    std::chrono::seconds age{0};                 // how long ago it says that it was signed
    std::chrono::milliseconds deadline{3000};    // after which the user sees an error
};

struct callback_answer {
    int status = 0; // 0: none came in time
    std::string body;
    std::string problem; // why there is no status
    std::chrono::milliseconds took{0};
};

// On the io_context's thread.
class slack_callback {
public:
    // `out` outlives it.
    slack_callback(boost::asio::any_io_executor executor, ports::log& out);

    // The authorities are beside the system's.
    void set_target(std::string url, const std::string& authorities_pem = {});

    const std::string& url() const noexcept { return url_; }

    boost::asio::awaitable<callback_answer> send(callback_request request);

    // Ends what is under way; to be awaited before the end.
    boost::asio::awaitable<void> close();

private:
    boost::asio::any_io_executor executor_;
    ports::log& out_;
    std::string url_;
    std::shared_ptr<net::client> client_;
};

} // namespace hallpass::sandbox
