// One operation of gRPC as something a coroutine can wait for.
#pragma once

#include "teleport/completion_pump.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <grpcpp/client_context.h>

#include <memory>
#include <utility>

namespace hallpass::teleport {

// Lives until gRPC has given the tag back, however the waiter fares.
template <class Handler>
class operation final : public completion_tag {
public:
    operation(Handler handler, grpc::ClientContext& context)
        : work_(boost::asio::get_associated_executor(handler)), handler_(std::move(handler)) {
        auto slot = boost::asio::get_associated_cancellation_slot(handler_);
        if (slot.is_connected()) {
            slot.assign([&context](boost::asio::cancellation_type) { context.TryCancel(); });
        }
    }

    void complete(bool ok) override {
        boost::asio::get_associated_cancellation_slot(handler_).clear();
        // Both leave this object before the handler, which may start the next operation, is moved and run.
        const auto executor = work_.get_executor();
        const auto work = std::move(work_);
        Handler handler = std::move(handler_);
        delete this;
        boost::asio::dispatch(executor, [handler = std::move(handler), ok]() mutable {
            std::move(handler)(ok);
        });
    }

private:
    ~operation() = default;

    boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> work_;
    Handler handler_;
};

// `start(tag)` starts the operation. Waits until gRPC gives the tag back, with its `ok`. Cancelling calls
// TryCancel and keeps waiting, because gRPC writes into what the waiter owns until then.
template <class Start>
boost::asio::awaitable<bool> completion_of(Start start, grpc::ClientContext& context) {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(bool)>(
        [](auto handler, Start begin, grpc::ClientContext* of) {
            auto* tag = new operation<decltype(handler)>(std::move(handler), *of);
            begin(static_cast<completion_tag*>(tag));
        },
        boost::asio::use_awaitable, std::move(start), &context
    );
}

} // namespace hallpass::teleport
