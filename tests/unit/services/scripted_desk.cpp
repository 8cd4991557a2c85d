#include "scripted_desk.hpp"

#include "samples.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace hallpass::test {

namespace asio = boost::asio;

namespace {

class lapsed final : public ports::alarm {
public:
    explicit lapsed(asio::io_context& context) : context_(context) {}

    asio::awaitable<bool> wait(std::chrono::milliseconds) override {
        co_await asio::post(context_, asio::use_awaitable);
        co_return true;
    }

    void wake() override {}

private:
    asio::io_context& context_;
};

} // namespace

scripted_desk::scripted_desk(asio::io_context& context)
    : context_(context), gate_(context, asio::steady_timer::time_point::max()) {
    ports::shown_request shown{sample_request(), approver_card(sample_request())};
    found = std::optional<ports::shown_request>(std::move(shown));
}

asio::awaitable<void> scripted_desk::pass_gate() {
    while (held_) {
        boost::system::error_code ended;
        co_await gate_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    }
}

asio::awaitable<result<std::optional<ports::shown_request>>> scripted_desk::look_up(std::string) {
    co_await pass_gate();
    co_return found;
}

asio::awaitable<result<bool>>
scripted_desk::is_announced_in(std::string service, std::string request_id, std::string conversation) {
    announced_asked.push_back(service + ' ' + request_id + ' ' + conversation);
    // Not the whole of it: Boost would make a result<bool> of whether there is a value.
    if (announced.has_error()) {
        co_return announced.error();
    }
    co_return *announced;
}

asio::awaitable<access::decision_outcome> scripted_desk::decide(access::decision asked) {
    decisions.push_back(std::move(asked));
    co_await pass_gate();
    co_return outcome;
}

void scripted_desk::spawn(std::string, asio::awaitable<void> work) {
    ++running;
    asio::co_spawn(context_, std::move(work), [this](const std::exception_ptr& thrown) {
        --running;
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    });
}

void scripted_desk::listen(std::string name, asio::awaitable<void> work) {
    listening.push_back(std::move(name));
    if (!begins_listeners) {
        return;
    }
    ++running;
    asio::cancellation_signal& signal = listeners_.emplace_back();
    auto ended = [this](const std::exception_ptr& thrown) {
        --running;
        try {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
        } catch (const boost::system::system_error& error) {
            if (error.code() != asio::error::operation_aborted) {
                throw;
            }
        }
    };
    asio::co_spawn(context_, std::move(work), asio::bind_cancellation_slot(signal.slot(), std::move(ended)));
}

void scripted_desk::stop() {
    for (asio::cancellation_signal& signal : listeners_) {
        signal.emit(asio::cancellation_type::terminal);
    }
}

void scripted_desk::hold() {
    held_ = true;
}

void scripted_desk::release() {
    held_ = false;
    gate_.cancel();
}

std::unique_ptr<ports::alarm> short_clock::make_alarm() {
    if (is_short) {
        return std::make_unique<lapsed>(context_);
    }
    return patient_.make_alarm();
}

} // namespace hallpass::test
