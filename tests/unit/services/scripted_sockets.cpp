#include "scripted_sockets.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::test {

namespace asio = boost::asio;

namespace {

class scripted_socket final : public ports::websocket {
public:
    explicit scripted_socket(std::shared_ptr<scripted_line> line) : line_(std::move(line)) {}

    scripted_socket(const scripted_socket&) = delete;
    scripted_socket& operator=(const scripted_socket&) = delete;

    ~scripted_socket() override { line_->end(); }

    asio::awaitable<result<std::optional<std::string>>> receive(std::chrono::milliseconds at_most) override {
        const auto line = line_;
        line->waits_for = at_most;
        while (line->coming.empty() && !line->ended && !line->lapsed) {
            line->changed.expires_at(asio::steady_timer::time_point::max());
            boost::system::error_code told;
            co_await line->changed.async_wait(asio::redirect_error(asio::use_awaitable, told));
        }
        if (!line->coming.empty()) {
            std::optional<std::string> next(std::move(line->coming.front()));
            line->coming.pop_front();
            co_return next;
        }
        if (std::exchange(line->lapsed, false)) {
            co_return std::optional<std::string>();
        }
        co_return fault(fault_kind::transient, "the other side closed the connection");
    }

    result<void> send(std::string text) override {
        if (line_->ended) {
            return fault(fault_kind::transient, "the other side closed the connection");
        }
        line_->sent.push_back(std::move(text));
        return {};
    }

    asio::awaitable<void> close(int code) override {
        if (!line_->ended) {
            line_->closed_with = code;
        }
        line_->end();
        co_return;
    }

    std::optional<int> close_code() const noexcept override { return line_->close_code; }

private:
    std::shared_ptr<scripted_line> line_;
};

} // namespace

scripted_line::scripted_line(asio::io_context& context) : changed(context) {}

void scripted_line::say(std::string text) {
    coming.push_back(std::move(text));
    changed.cancel();
}

void scripted_line::end(std::optional<int> code) {
    if (!ended) {
        close_code = code;
    }
    ended = true;
    changed.cancel();
}

void scripted_line::let_wait_pass() {
    lapsed = true;
    changed.cancel();
}

asio::awaitable<result<std::unique_ptr<ports::websocket>>>
scripted_sockets::open(ports::websocket_request request) {
    asked.push_back(std::move(request));
    if (refuses) {
        co_return fault(fault_kind::transient, "nobody answers");
    }
    lines.push_back(std::make_shared<scripted_line>(context_));
    std::unique_ptr<ports::websocket> made = std::make_unique<scripted_socket>(lines.back());
    co_return made;
}

struct stepped_clock::state {
    explicit state(asio::io_context& where) : context(where) {}

    asio::io_context& context;
    instant now{std::chrono::seconds(1'700'000'000)};
    std::vector<alarm*> waiting;
};

class stepped_clock::alarm final : public ports::alarm {
public:
    explicit alarm(std::shared_ptr<state> shared) : shared_(std::move(shared)), timer_(shared_->context) {}

    alarm(const alarm&) = delete;
    alarm& operator=(const alarm&) = delete;

    ~alarm() override { std::erase(shared_->waiting, this); }

    asio::awaitable<bool> wait(std::chrono::milliseconds at_most) override {
        due = shared_->now + at_most;
        if (!woken_) {
            shared_->waiting.push_back(this);
            timer_.expires_at(asio::steady_timer::time_point::max());
            boost::system::error_code ended;
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
            std::erase(shared_->waiting, this);
        }
        const bool passed = !woken_ && shared_->now >= due;
        woken_ = false;
        co_return passed;
    }

    void wake() override {
        woken_ = true;
        timer_.cancel();
    }

    void ring() { timer_.cancel(); }

    instant due{};

private:
    std::shared_ptr<state> shared_;
    asio::steady_timer timer_;
    bool woken_ = false;
};

stepped_clock::stepped_clock(asio::io_context& context) : state_(std::make_shared<state>(context)) {}

stepped_clock::~stepped_clock() = default;

instant stepped_clock::now() const {
    return state_->now;
}

std::unique_ptr<ports::alarm> stepped_clock::make_alarm() {
    return std::make_unique<alarm>(state_);
}

void stepped_clock::advance(std::chrono::milliseconds by) {
    state_->now += by;
    for (alarm* one : state_->waiting) {
        if (one->due <= state_->now) {
            one->ring();
        }
    }
}

std::optional<std::chrono::milliseconds> stepped_clock::next() const {
    const auto& all = state_->waiting;
    const auto first = std::min_element(all.begin(), all.end(), [](const alarm* left, const alarm* right) {
        return left->due < right->due;
    });
    return first == all.end() ? std::nullopt
                              : std::optional<std::chrono::milliseconds>((*first)->due - state_->now);
}

} // namespace hallpass::test
