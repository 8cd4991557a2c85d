#include "workflow/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <cassert>
#include <utility>

namespace hallpass::workflow {

namespace asio = boost::asio;

namespace {

bool is_abort(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const boost::system::system_error& error) {
        return error.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

std::string text_of(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "an exception of unknown type";
    }
}

// Waits for a moment that only cancel() of this timer brings.
asio::steady_timer make_event(const asio::any_io_executor& executor) {
    return asio::steady_timer(executor, asio::steady_timer::time_point::max());
}

} // namespace

struct task_group::state {
    state(const asio::any_io_executor& where, ports::log& log)
        : executor(where), out(&log), emptied(make_event(where)) {}

    asio::any_io_executor executor;
    ports::log* out;
    std::list<std::shared_ptr<asio::cancellation_signal>> running;
    asio::steady_timer emptied;
};

task_group::task_group(asio::any_io_executor executor, ports::log& out)
    : state_(std::make_shared<state>(executor, out)) {}

task_group::~task_group() {
    assert(state_->running.empty() && "a task group must be joined before it dies");
}

task_group::canceller
task_group::spawn(std::string name, asio::awaitable<void> task, std::function<void()> ended) {
    const auto signal = std::make_shared<asio::cancellation_signal>();
    const auto place = state_->running.insert(state_->running.end(), signal);
    auto at_end = [group = state_, place, name = std::move(name),
                   ended = std::move(ended)](std::exception_ptr thrown) {
        if (thrown && !is_abort(thrown)) {
            group->out->error("task_failed", {{"task", name}, {"error", text_of(thrown)}});
        }
        group->running.erase(place);
        if (ended) {
            ended();
        }
        if (group->running.empty()) {
            group->emptied.cancel();
        }
    };
    asio::co_spawn(
        state_->executor, std::move(task), asio::bind_cancellation_slot(signal->slot(), std::move(at_end))
    );
    return [weak = std::weak_ptr(signal)] {
        if (const auto alive = weak.lock()) {
            alive->emit(asio::cancellation_type::terminal);
        }
    };
}

void task_group::cancel() {
    // A task that ends inside emit() takes itself out of the list, and may end others.
    const std::vector<std::shared_ptr<asio::cancellation_signal>> all(
        state_->running.begin(), state_->running.end()
    );
    for (const auto& one : all) {
        one->emit(asio::cancellation_type::terminal);
    }
}

asio::awaitable<void> task_group::join() {
    const auto group = state_;
    while (!group->running.empty()) {
        boost::system::error_code ignored; // operation_aborted is how the event comes
        co_await group->emptied.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

std::size_t task_group::size() const noexcept {
    return state_->running.size();
}

namespace {

struct gathering {
    explicit gathering(const asio::any_io_executor& executor) : all_ended(make_event(executor)) {}

    asio::steady_timer all_ended;
    std::list<asio::cancellation_signal> running;
    std::exception_ptr thrown;
};

void start(
    const asio::any_io_executor& executor, asio::awaitable<void> task, const std::shared_ptr<gathering>& all
) {
    const auto signal = all->running.emplace(all->running.end());
    auto at_end = [all, signal](std::exception_ptr thrown) {
        if (thrown && !all->thrown) {
            all->thrown = std::move(thrown);
        }
        all->running.erase(signal);
        if (all->running.empty()) {
            all->all_ended.cancel();
        }
    };
    asio::co_spawn(
        executor, std::move(task), asio::bind_cancellation_slot(signal->slot(), std::move(at_end))
    );
}

void cancel_all(gathering& all) {
    for (auto next = all.running.begin(); next != all.running.end();) {
        auto current = next++;
        current->emit(asio::cancellation_type::terminal);
    }
}

} // namespace

asio::awaitable<void> when_all(std::vector<asio::awaitable<void>> tasks) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    // Being cancelled must not end this frame before the tasks that refer to the caller's.
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto all = std::make_shared<gathering>(executor);
    for (asio::awaitable<void>& task : tasks) {
        start(executor, std::move(task), all);
    }
    bool cancelled = false;
    while (!all->running.empty()) {
        boost::system::error_code ignored;
        co_await all->all_ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
        if (!cancelled && state.cancelled() != asio::cancellation_type::none) {
            cancelled = true;
            co_await asio::this_coro::reset_cancellation_state();
            cancel_all(*all);
        }
    }
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (all->thrown) {
        std::rethrow_exception(all->thrown);
    }
}

} // namespace hallpass::workflow
