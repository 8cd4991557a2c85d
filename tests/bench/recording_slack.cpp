#include "recording_slack.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <stdexcept>
#include <utility>

namespace hallpass::bench {

namespace asio = boost::asio;

recording_slack::recording_slack(net::server_identity identity) {
    net::server_options options;
    options.tls = std::move(identity);
    auto listening = net::listen_http(
        context_.get_executor(), std::move(options),
        [this](net::server_request request) { return answer(std::move(request)); }, log_
    );
    if (!listening) {
        throw std::runtime_error(listening.error().text());
    }
    server_ = std::move(*listening);
    asio::co_spawn(context_, server_->serve(), [](std::exception_ptr thrown) {
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    });
    thread_ = std::thread([this] { context_.run(); });
}

recording_slack::~recording_slack() {
    asio::post(context_, [this] { server_->close(); });
    thread_.join();
}

std::string recording_slack::url() const {
    const std::string address = server_->address();
    return "https://localhost" + address.substr(address.rfind(':')) + "/api/";
}

recording_slack::moment
recording_slack::arrival_of(const std::string& request_id, std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, limit, [&] { return arrivals_.contains(request_id); })) {
        throw std::runtime_error("no message about request " + request_id);
    }
    return arrivals_.at(request_id);
}

recording_slack::moment
recording_slack::arrival_of_number(std::size_t count, std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, limit, [&] { return messages_ >= count; })) {
        throw std::runtime_error(std::to_string(messages_) + " messages instead of " + std::to_string(count));
    }
    return last_;
}

void recording_slack::forget() {
    const std::scoped_lock lock(mutex_);
    arrivals_.clear();
    messages_ = 0;
}

asio::awaitable<net::server_response> recording_slack::answer(net::server_request request) {
    std::string body =
        R"({"ok":true,"team":"T","user":"hallpass","user_id":"U0","bot_id":"B0","team_id":"T0"})";
    if (request.path.ends_with("/chat.postMessage")) {
        remember(request.body);
        body = R"({"ok":true,"channel":"C0","ts":"1700000000.000100"})";
    }
    net::server_response response(200, std::move(body), "application/json");
    co_return response;
}

// The id is looked for, not parsed for: this side's work would count as the other's latency.
void recording_slack::remember(const std::string& body) {
    const moment now = std::chrono::steady_clock::now();
    constexpr std::string_view mark = "\"request_id\":\"";
    const std::size_t at = body.find(mark);
    if (at == std::string::npos) {
        return;
    }
    const std::size_t begin = at + mark.size();
    const std::scoped_lock lock(mutex_);
    arrivals_[body.substr(begin, body.find('"', begin) - begin)] = now;
    last_ = now;
    ++messages_;
    arrived_.notify_all();
}

} // namespace hallpass::bench
