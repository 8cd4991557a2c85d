#include "teleport/watch.hpp"

#include "base/text.hpp"
#include "teleport/convert.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace hallpass::teleport {

namespace {

constexpr std::string_view call_name = "WatchEvents";

proto::Watch subscription() {
    proto::Watch request;
    request.add_kinds()->set_kind(access_request_kind);
    request.set_allowpartialsuccess(true);
    return request;
}

std::optional<watch_event> to_event(const proto::Event& message) {
    if (message.type() == proto::PUT && message.has_accessrequest()) {
        request_changed changed{to_access_request(message.accessrequest())};
        if (!changed.request.id.empty()) {
            return changed;
        }
    }
    if (message.type() == proto::DELETE && message.has_resourceheader() &&
        message.resourceheader().kind() == access_request_kind &&
        !message.resourceheader().metadata().name().empty()) {
        return request_deleted{message.resourceheader().metadata().name()};
    }
    return std::nullopt;
}

std::string name_of(proto::Operation operation) {
    const std::string& name = proto::Operation_Name(operation);
    return name.empty() ? "operation " + std::to_string(operation) : name;
}

} // namespace

watch::watch(std::shared_ptr<session> on) : on_(std::move(on)) {}

boost::asio::awaitable<result<void>> watch::open(std::chrono::milliseconds limit) {
    const proto::Watch request = subscription();
    stream_ = std::make_shared<server_stream<proto::Event>>(
        on_, on_->auth(), &proto::AuthService::Stub::PrepareAsyncWatchEvents, request, call_name, std::nullopt
    );
    const auto late = std::make_shared<bool>(false);
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, limit);
    timer.async_wait([late, stream = std::weak_ptr(stream_)](const boost::system::error_code& error) {
        const auto alive = stream.lock();
        if (!error && alive) {
            *late = true;
            alive->cancel();
        }
    });
    proto::Event first;
    bool received = co_await stream_->start();
    if (received) {
        received = co_await stream_->read(first);
    }
    timer.cancel();
    if (received) {
        co_return check_first(first);
    }
    const fault why = co_await end_of_stream();
    if (*late) {
        co_return fault(
            fault_kind::transient, std::string(call_name) + ": the event stream of " + on_->peer() +
                                       " did not begin within " + std::to_string(limit.count()) + " ms"
        );
    }
    co_return why;
}

result<void> watch::check_first(const proto::Event& first) const {
    if (first.type() != proto::INIT) {
        return fault(
            fault_kind::malformed, std::string(call_name) + ": the event stream of " + on_->peer() +
                                       " does not begin with INIT but with " + name_of(first.type()) +
                                       "; check that teleport.addr is an Auth Service"
        );
    }
    const auto& granted = first.watchstatus().spec().kinds();
    const bool has_requests = std::any_of(granted.begin(), granted.end(), [](const types::WatchKind& kind) {
        return kind.kind() == access_request_kind;
    });
    // Older servers don't say what they granted.
    if (first.has_watchstatus() && !has_requests) {
        return fault(
            fault_kind::unauthorised, std::string(call_name) + ": " + on_->peer() +
                                          " shows us no Access Requests; give the Teleport role of hallpass "
                                          "the verbs list and read on access_request"
        );
    }
    return {};
}

boost::asio::awaitable<result<watch_event>> watch::next() {
    proto::Event message;
    while (true) {
        const bool received = co_await stream_->read(message);
        if (!received) {
            const fault why = co_await end_of_stream();
            co_return why;
        }
        std::optional<watch_event> event = to_event(message);
        if (event) {
            co_return std::move(*event);
        }
    }
}

boost::asio::awaitable<fault> watch::end_of_stream() {
    const result<void> finished = co_await stream_->finish();
    if (finished) {
        co_return fault(
            fault_kind::transient, std::string(call_name) + ": " + on_->peer() + " ended the event stream"
        );
    }
    co_return finished.error();
}

void watch::cancel() noexcept {
    if (stream_) {
        stream_->cancel();
    }
}

} // namespace hallpass::teleport
