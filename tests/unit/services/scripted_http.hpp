// The third party's side of a test: answers from a script, and what was asked.
#pragma once

#include "ports/clock.hpp"
#include "ports/http_client.hpp"
#include "ports/log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/value.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::test {

ports::http_response answer(std::string body, int status = 200, ports::http_headers headers = {});

// Gives the answers in their order, and a fault of kind bug when there are no more.
class scripted_http final : public ports::http_client {
public:
    explicit scripted_http(boost::asio::io_context& context);

    boost::asio::awaitable<result<ports::http_response>> send(ports::http_request request) override;

    // From now on calls wait until release().
    void hold();
    void release();

    std::deque<result<ports::http_response>> script;
    std::vector<ports::http_request> asked;
    std::function<void()> when_asked; // with each call

private:
    boost::asio::steady_timer gate_;
    bool held_ = false;
};

class manual_clock final : public ports::clock {
public:
    explicit manual_clock(boost::asio::io_context& context);

    instant now() const override { return time; }

    std::unique_ptr<ports::alarm> make_alarm() override;

    instant time{};

private:
    boost::asio::io_context& context_;
};

class kept_log final : public ports::log {
public:
    bool enabled(ports::severity) const noexcept override { return true; }

    void
    write(ports::severity level, std::string_view event, std::span<const ports::log_field> fields) override;

    std::string text;
};

// What is around a service in a test, all of it scripted.
struct service_bench {
    service_bench();

    boost::asio::io_context context;
    scripted_http http;
    manual_clock time;
    kept_log log;

    // Runs one call of the service to its end.
    template <class Start>
    auto run(Start start);

    boost::json::object body_of(std::size_t call) const;
    // No trace of the token but in the header where it belongs, behind the scheme: "Bearer ".
    void check_token_is_kept(std::string_view token, std::string_view scheme) const;
};

} // namespace hallpass::test

#include "support/run_coroutine.hpp"

#include <optional>

namespace hallpass::test {

template <class Start>
auto service_bench::run(Start start) {
    using outcome = typename decltype(start())::value_type;
    std::optional<outcome> got;
    context.restart();
    run_coroutine(context, [&]() -> boost::asio::awaitable<void> {
        auto call = start();
        outcome made = co_await std::move(call);
        got.emplace(std::move(made));
    });
    return std::move(*got);
}

} // namespace hallpass::test
