#include "sandbox/pagerduty/pagerduty_webhooks.hpp"

#include "base/hmac.hpp"
#include "base/text.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hallpass::sandbox::pagerduty {

using namespace std::chrono_literals;

namespace {

constexpr int most_attempts = 10;
constexpr int until_disabled = 3;
constexpr const char* first_secret = "pagerduty-sandbox-webhook-secret";

} // namespace

std::string webhook_signature(const std::string& secret, const std::string& body) {
    return "v1=" + to_hex(hmac_sha256(secret, body));
}

webhooks::webhooks(boost::asio::any_io_executor executor, ports::log& out)
    : executor_(executor), poster_(std::move(executor), out), secret_(first_secret) {}

void webhooks::subscribe(std::string url, std::string secret, const std::string& authorities_pem) {
    url_ = std::move(url);
    if (!secret.empty()) {
        secret_ = std::move(secret);
    }
    refused_in_a_row_ = 0;
    poster_.trust(authorities_pem);
}

boost::asio::awaitable<boost::json::object> webhooks::deliver(std::string body, std::string secret) {
    boost::json::object told{{"status", 0}, {"attempts", 0}};
    for (int attempt = 1; attempt <= most_attempts; ++attempt) {
        told["disabled"] = refused_in_a_row_ >= until_disabled;
        if (url_.empty() || refused_in_a_row_ >= until_disabled) {
            co_return told;
        }
        ports::http_request request(ports::http_method::post, url_);
        request.headers = {
            {"Content-Type", "application/json"},
            {"User-Agent", "PagerDuty-Webhook/V3.0"},
            {"X-Webhook-Id", "sandbox"},
            // The second is of a secret that is being replaced.
            {"X-PagerDuty-Signature",
             webhook_signature(secret, body) + "," + webhook_signature("older", body)}};
        request.body = body;
        request.deadline = 5s;
        const posted_answer answer = co_await poster_.post(std::move(request));
        told["status"] = answer.status;
        told["attempts"] = attempt;
        told["ms"] = answer.took.count();
        const bool again = answer.status == 0 || answer.status == 429 || answer.status >= 500;
        if (!again) {
            refused_in_a_row_ = answer.status >= 400 ? refused_in_a_row_ + 1 : 0;
            told["disabled"] = refused_in_a_row_ >= until_disabled;
            co_return told;
        }
        boost::asio::steady_timer pause(executor_, 200ms);
        co_await pause.async_wait(boost::asio::use_awaitable);
    }
    co_return told;
}

boost::asio::awaitable<void> webhooks::close() {
    co_await poster_.close();
}

void webhooks::reset() {
    url_.clear();
    secret_ = first_secret;
    refused_in_a_row_ = 0;
}

} // namespace hallpass::sandbox::pagerduty
