#include "sandbox/slack_callback.hpp"

#include "base/text.hpp"

#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <utility>

namespace hallpass::sandbox {

namespace {

using namespace std::chrono_literals;

std::string timestamp_before(std::chrono::seconds age) {
    const auto at = std::chrono::system_clock::now() - age;
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch());
    return std::to_string(since.count());
}

ports::http_request signed_request(const std::string& url, const callback_request& wanted) {
    ports::http_request request(ports::http_method::post, url);
    request.body = "payload=" +
                   boost::urls::encode(boost::json::serialize(wanted.payload), boost::urls::unreserved_chars);
    const std::string timestamp = timestamp_before(wanted.age);
    request.headers = {
        {"Content-Type", "application/x-www-form-urlencoded"},
        {"User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)"},
        {"X-Slack-Request-Timestamp", timestamp},
        {"X-Slack-Signature", slack_signature(wanted.secret, timestamp, request.body)}};
    request.deadline = wanted.deadline;
    return request;
}

} // namespace

std::string
slack_signature(const std::string& secret, const std::string& timestamp, const std::string& body) {
    const std::string base = "v0:" + timestamp + ':' + body;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    // OpenSSL takes the text as bytes.
    HMAC(
        EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
        reinterpret_cast<const unsigned char*>(base.data()), base.size(), digest.data(), &size
    );
    return "v0=" + to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

slack_callback::slack_callback(boost::asio::any_io_executor executor, slack_sockets& sockets, ports::log& out)
    : executor_(std::move(executor)), sockets_(sockets), out_(out) {}

void slack_callback::set_target(std::string url, const std::string& authorities_pem) {
    url_ = std::move(url);
    net::client_options options;
    if (!authorities_pem.empty()) {
        options.extra_authorities_pem = {authorities_pem};
    }
    // Slack does not try again, and a connection of a hallpass that has ended since must not be used.
    options.max_attempts = 1;
    options.idle_timeout = 1ms;
    client_ = net::make_http_client(executor_, std::move(options), out_);
}

boost::asio::awaitable<callback_answer> slack_callback::send(callback_request request) {
    return sockets_.is_used(client_ != nullptr) ? sockets_.send(std::move(request))
                                                : post(std::move(request));
}

boost::asio::awaitable<callback_answer> slack_callback::post(callback_request request) {
    callback_answer answer;
    if (!client_) {
        answer.problem =
            "nobody is connected and no callback is set; use --slack-callback or POST /slack/callback";
        co_return answer;
    }
    // A new target may come meanwhile.
    const std::shared_ptr<net::client> client = client_;
    ports::http_request call = signed_request(url_, request);
    const auto began = std::chrono::steady_clock::now();
    const result<ports::http_response> got = co_await client->send(std::move(call));
    answer.took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    if (!got) {
        answer.problem = got.error().text();
        co_return answer;
    }
    answer.status = got->status;
    answer.body = got->body;
    co_return answer;
}

boost::asio::awaitable<void> slack_callback::close() {
    const std::shared_ptr<net::client> client = client_;
    if (client) {
        co_await client->close();
    }
}

} // namespace hallpass::sandbox
