// Calls to the Auth Service as coroutines.
#pragma once

#include "base/result.hpp"
#include "teleport/operation.hpp"
#include "teleport/session.hpp"
#include "teleport/status_map.hpp"
#include "teleport/unread_mark.hpp"

#include <boost/asio/awaitable.hpp>
#include <grpc/support/time.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace hallpass::teleport {

// On the steady clock, so that a step of the wall clock neither ends nor prolongs a call.
inline gpr_timespec to_deadline(std::chrono::steady_clock::time_point at) {
    const auto left =
        std::chrono::duration_cast<std::chrono::microseconds>(at - std::chrono::steady_clock::now());
    return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_micros(left.count(), GPR_TIMESPAN));
}

template <class Stub, class Request, class Response>
using unary_method = std::unique_ptr<grpc::ClientAsyncResponseReader<
    Response>> (Stub::*)(grpc::ClientContext*, const Request&, grpc::CompletionQueue*);

template <class Stub, class Request, class Response>
using streaming_method = std::unique_ptr<grpc::ClientAsyncReader<
    Response>> (Stub::*)(grpc::ClientContext*, const Request&, grpc::CompletionQueue*);

// One question, one answer. `method` is the stub's Async… function. Cancelling it ends it with a cancelled
// fault; the fault is uncertain where the other side may have acted all the same. Malformed where the answer
// can't be parsed or is left out.
template <class Stub, class Request, class Response>
boost::asio::awaitable<result<Response>> unary_call(
    std::shared_ptr<session> on,
    Stub& stub,
    unary_method<Stub, Request, Response> method,
    Request request,
    std::string_view name,
    std::chrono::steady_clock::time_point deadline
) {
    const in_flight::token running(on->calls());
    Response response;
    mark_unread(response);
    grpc::Status status;
    grpc::ClientContext context;
    context.set_deadline(to_deadline(deadline));
    const auto reader = (stub.*method)(&context, request, on->queue());
    const auto finish = [&reader, &response, &status](void* tag) { reader->Finish(&response, &status, tag); };
    const bool parsed = co_await completion_of(finish, context);
    if (!status.ok()) {
        co_return on->explain(status, name);
    }
    if (!parsed || is_unread(response)) {
        co_return unreadable_answer(name, on->peer());
    }
    co_return std::move(response);
}

// A stream of answers. One operation at a time. It must not end while one is under way.
template <class Response>
class server_stream {
public:
    // `method` is the stub's PrepareAsync… function.
    template <class Stub, class Request>
    server_stream(
        std::shared_ptr<session> on,
        Stub& stub,
        streaming_method<Stub, Request, Response> method,
        const Request& request,
        std::string_view name,
        std::optional<std::chrono::steady_clock::time_point> deadline
    )
        : on_(std::move(on)), running_(on_->calls()), name_(name) {
        if (deadline) {
            context_.set_deadline(to_deadline(*deadline));
        }
        reader_ = (stub.*method)(&context_, request, on_->queue());
    }

    ~server_stream() { context_.TryCancel(); }

    server_stream(const server_stream&) = delete;
    server_stream& operator=(const server_stream&) = delete;

    // False where the call has failed already: finish() says why.
    boost::asio::awaitable<bool> start() {
        const auto begin = [this](void* tag) { reader_->StartCall(tag); };
        return completion_of(begin, context_);
    }

    // False at the end of the stream and where the next message can't be parsed: finish() says why.
    boost::asio::awaitable<bool> read(Response& into) {
        mark_unread(into);
        const auto begin = [this, &into](void* tag) { reader_->Read(&into, tag); };
        const bool parsed = co_await completion_of(begin, context_);
        unreadable_ = !parsed && !is_unread(into);
        co_return parsed;
    }

    // After start() or read() was false. Malformed where a message could not be parsed, whatever status the
    // server gives: what came before it is not the whole.
    boost::asio::awaitable<result<void>> finish() {
        if (unreadable_) {
            context_.TryCancel(); // the server has not ended the stream, and may never do
        }
        const auto begin = [this](void* tag) { reader_->Finish(&status_, tag); };
        co_await completion_of(begin, context_);
        if (unreadable_) {
            co_return unreadable_answer(name_, on_->peer());
        }
        if (!status_.ok()) {
            co_return on_->explain(status_, name_);
        }
        co_return result<void>();
    }

    // The operation under way ends soon, the stream with it.
    void cancel() noexcept { context_.TryCancel(); }

private:
    std::shared_ptr<session> on_;
    in_flight::token running_;
    std::string_view name_; // a literal
    bool unreadable_ = false;
    grpc::ClientContext context_;
    grpc::Status status_;
    std::unique_ptr<grpc::ClientAsyncReader<Response>> reader_;
};

} // namespace hallpass::teleport
