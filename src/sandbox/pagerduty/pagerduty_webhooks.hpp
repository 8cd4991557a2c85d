// Webhooks of the simulated PagerDuty: signed, delivered again where they must be, and given up as PagerDuty
// gives up (api-ticketing 2.6).
#pragma once

#include "sandbox/callback_poster.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <string>

namespace hallpass::sandbox::pagerduty {

// "v1=…" of the body.
std::string webhook_signature(const std::string& secret, const std::string& body);

class webhooks {
public:
    webhooks(boost::asio::any_io_executor executor, ports::log& out);

    void subscribe(std::string url, std::string secret, const std::string& authorities_pem);

    const std::string& secret() const noexcept { return secret_; }

    // {"status", "attempts", "disabled"}; status 0 where nothing was delivered.
    boost::asio::awaitable<boost::json::object> deliver(std::string body, std::string secret);
    boost::asio::awaitable<void> close();
    void reset();

private:
    boost::asio::any_io_executor executor_;
    callback_poster poster_;
    std::string url_;
    std::string secret_;
    int refused_in_a_row_ = 0;
};

} // namespace hallpass::sandbox::pagerduty
