#include "scripted_http.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

namespace hallpass::test {

namespace asio = boost::asio;

namespace {

class bell final : public ports::alarm {
public:
    explicit bell(asio::io_context& context) : timer_(context) {}

    // Time stands still in these tests: only a wake ends a wait.
    asio::awaitable<bool> wait(std::chrono::milliseconds) override {
        if (!woken_) {
            timer_.expires_at(asio::steady_timer::time_point::max());
            boost::system::error_code ended;
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        }
        woken_ = false;
        co_return false;
    }

    void wake() override {
        woken_ = true;
        timer_.cancel();
    }

private:
    asio::steady_timer timer_;
    bool woken_ = false;
};

} // namespace

ports::http_response answer(std::string body, int status, ports::http_headers headers) {
    ports::http_response made;
    made.status = status;
    made.headers = std::move(headers);
    made.body = std::move(body);
    return made;
}

scripted_http::scripted_http(asio::io_context& context)
    : gate_(context, asio::steady_timer::time_point::max()) {}

asio::awaitable<result<ports::http_response>> scripted_http::send(ports::http_request request) {
    asked.push_back(std::move(request));
    if (when_asked) {
        when_asked();
    }
    while (held_) {
        boost::system::error_code ended;
        co_await gate_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    }
    if (script.empty()) {
        co_return fault(fault_kind::bug, "the script is at its end");
    }
    result<ports::http_response> next = std::move(script.front());
    script.pop_front();
    co_return next;
}

void scripted_http::hold() {
    held_ = true;
}

void scripted_http::release() {
    held_ = false;
    gate_.cancel();
}

manual_clock::manual_clock(asio::io_context& context) : context_(context) {}

std::unique_ptr<ports::alarm> manual_clock::make_alarm() {
    return std::make_unique<bell>(context_);
}

void kept_log::write(ports::severity, std::string_view event, std::span<const ports::log_field> fields) {
    text += event;
    for (const ports::log_field& field : fields) {
        text.append(" ").append(field.key).append("=").append(field.value);
    }
    text += '\n';
}

service_bench::service_bench() : http(context), time(context) {}

boost::json::object service_bench::body_of(std::size_t call) const {
    return boost::json::parse(http.asked.at(call).body).as_object();
}

void service_bench::check_token_is_kept(std::string_view token, std::string_view scheme) const {
    CHECK(log.text.find(token) == std::string::npos);
    for (const ports::http_request& request : http.asked) {
        CHECK(request.url.find(token) == std::string::npos);
        CHECK(request.body.find(token) == std::string::npos);
        REQUIRE_FALSE(request.headers.empty());
        CHECK(request.headers.front().first == "Authorization");
        CHECK(request.headers.front().second == std::string(scheme).append(token));
    }
}

} // namespace hallpass::test
