// The smallest coroutine type, for the samples of the co_await rule.
#pragma once

#include <coroutine>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

template <class T>
struct task {
    struct promise_type {
        task get_return_object() { return task{std::coroutine_handle<promise_type>::from_promise(*this)}; }

        std::suspend_always initial_suspend() noexcept { return {}; }

        std::suspend_always final_suspend() noexcept { return {}; }

        void unhandled_exception() { std::terminate(); }

        void return_value(T given) { value = std::move(given); }

        std::optional<T> value;
    };

    bool await_ready() { return false; }

    void await_suspend(std::coroutine_handle<> caller) { caller.resume(); }

    T await_resume() { return std::move(*handle.promise().value); }

    std::coroutine_handle<promise_type> handle;
};

struct request {
    std::string url;
    std::vector<std::string> headers;
};

// Has a constructor, so it is no aggregate.
struct built_request {
    explicit built_request(std::string url) : url(std::move(url)) {}

    std::string url;
};

template <class T>
struct result {
    result(T value) : value(std::move(value)) {}

    T value;
};

struct point {
    int x;
    int y;
};

task<std::string> send(request what);
task<std::string> send_ref(const request& what);
task<std::string> send_built(built_request what);
task<std::string> send_with_defaults(int id, request what = {});
task<std::string> move_to(point where);
task<std::string> send_all(std::vector<std::string> what);
task<std::string> serve(std::vector<int>& outliving, std::string text);
task<std::string> serve_view(std::string_view text);
void spawn(std::string name, task<std::string> work);
task<std::string> read(int id);
task<bool> ready(int id);
task<int> number(int id);
task<std::string> run(std::function<void()> work);

template <class Function>
task<std::string> run_any(Function work) {
    work();
    co_return "";
}
