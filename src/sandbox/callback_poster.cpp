#include "sandbox/callback_poster.hpp"

#include <utility>

namespace hallpass::sandbox {

using namespace std::chrono_literals;

callback_poster::callback_poster(boost::asio::any_io_executor executor, ports::log& out)
    : executor_(std::move(executor)), out_(out) {
    trust({});
}

void callback_poster::trust(const std::string& authorities_pem) {
    net::client_options options;
    if (!authorities_pem.empty()) {
        options.extra_authorities_pem = {authorities_pem};
    }
    // A connection of a hallpass that has ended since must not be used, and nothing is tried again.
    options.max_attempts = 1;
    options.idle_timeout = 1ms;
    client_ = net::make_http_client(executor_, std::move(options), out_);
}

boost::asio::awaitable<posted_answer> callback_poster::post(ports::http_request request) {
    const std::shared_ptr<net::client> client = client_; // others may be trusted meanwhile
    const auto began = std::chrono::steady_clock::now();
    result<ports::http_response> got = co_await client->send(std::move(request));
    posted_answer answer;
    answer.took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    if (!got) {
        answer.problem = got.error().text();
        co_return answer;
    }
    answer.status = got->status;
    answer.headers = std::move(got->headers);
    answer.body = std::move(got->body);
    co_return answer;
}

boost::asio::awaitable<void> callback_poster::close() {
    const std::shared_ptr<net::client> client = client_;
    co_await client->close();
}

} // namespace hallpass::sandbox
