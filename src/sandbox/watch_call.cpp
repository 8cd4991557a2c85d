#include "sandbox/watch_call.hpp"

#include "base/text.hpp"
#include "sandbox/auth_convert.hpp"

#include <utility>

namespace hallpass::sandbox {

namespace {

constexpr const char* request_kind = "access_request";

outcome<request_filter> parse_filter(const types::WatchKind& kind) {
    request_filter filter;
    for (const auto& [key, value] : kind.filter()) {
        if (key == "id") {
            filter.id = value;
        } else if (key == "user") {
            filter.user = value;
        } else if (key == "state") {
            filter.state = access::parse_request_state(value);
        } else {
            return refusal{refusal_code::invalid_argument, "unknown filter key \"" + one_line(key) + "\""};
        }
    }
    return filter;
}

// Which of the wanted kinds are watched; the sandbox has one kind (teleport-wire 2).
outcome<types::WatchKind> confirmed_kind(const proto::Watch& wanted) {
    if (wanted.kinds().empty()) {
        return refusal{refusal_code::permission_denied, "a watch names the kinds it wants"};
    }
    const types::WatchKind* confirmed = nullptr;
    for (const types::WatchKind& kind : wanted.kinds()) {
        if (kind.kind() == request_kind) {
            confirmed = &kind;
        } else if (!wanted.allowpartialsuccess()) {
            return refusal{
                refusal_code::permission_denied, "access denied to kind \"" + one_line(kind.kind()) + "\""};
        }
    }
    if (confirmed == nullptr) {
        return refusal{refusal_code::invalid_argument, "none of the wanted kinds can be watched"};
    }
    return *confirmed;
}

proto::Event first_event(const types::WatchKind& confirmed, const proto::Watch& wanted, bool with_init) {
    proto::Event first;
    if (!with_init) {
        first.set_type(proto::PUT);
        first.mutable_resourceheader()->set_kind("namespace");
        return first;
    }
    first.set_type(proto::INIT);
    if (wanted.allowpartialsuccess()) {
        first.mutable_watchstatus()->set_kind("watch_status");
        first.mutable_watchstatus()->set_version("v1");
        *first.mutable_watchstatus()->mutable_spec()->add_kinds() = confirmed;
    }
    return first;
}

} // namespace

grpc::Status to_status(const refusal& why) {
    return {static_cast<grpc::StatusCode>(why.code), why.text};
}

std::shared_ptr<watch_call> watch_call::make(cluster_state& cluster) {
    auto made = std::make_shared<watch_call>(cluster);
    made->self_ = made;
    return made;
}

watch_call* watch_call::refuse(cluster_state& cluster, const grpc::Status& status) {
    const auto made = make(cluster);
    made->finish_once(status);
    return made.get();
}

watch_call* watch_call::start(
    cluster_state& cluster, const proto::Watch& wanted, const call_fate& fate, delayed_calls& delays
) {
    const auto kind = confirmed_kind(wanted);
    if (!kind) {
        return refuse(cluster, to_status(kind.error()));
    }
    const auto filter = parse_filter(*kind);
    if (!filter) {
        return refuse(cluster, to_status(filter.error()));
    }
    proto::Event first = first_event(*kind, wanted, !cluster.settings().watch_without_init);
    if (fate.garbage) {
        spoil(first);
    }
    const auto made = make(cluster);
    made->loses_first_change_ = fate.lose_answer;
    delays.after(fate.delay, [made, first = std::move(first), filter = *filter](bool elapsed) mutable {
        if (elapsed) {
            made->begin(std::move(first), std::move(filter));
        } else {
            made->finish_once({grpc::StatusCode::UNAVAILABLE, "the Auth Service is going down"});
        }
    });
    return made.get();
}

void watch_call::begin(proto::Event first, request_filter filter) {
    {
        const std::lock_guard lock(mutex_);
        if (finished_) {
            return;
        }
        first_ = std::move(first);
        queue_ = cluster_.watch(std::move(filter), [weak = weak_from_this()] {
            if (const auto alive = weak.lock()) {
                alive->pump();
            }
        });
    }
    pump();
}

// Starts the next write, or ends the call, where neither is under way. gRPC may call back at once, so no lock
// is held while it is called.
void watch_call::pump() {
    std::optional<grpc::Status> end;
    {
        const std::lock_guard lock(mutex_);
        if (writing_ || finished_) {
            return;
        }
        end = next_step();
        if (!end && !writing_) {
            return;
        }
    }
    if (end) {
        finish_once(*end);
    } else {
        StartWrite(&current_);
    }
}

std::optional<grpc::Status> watch_call::next_step() {
    if (cancelled_) {
        return grpc::Status::CANCELLED;
    }
    if (first_) {
        current_ = *std::exchange(first_, std::nullopt);
        writing_ = true;
        return std::nullopt;
    }
    if (const auto event = queue_ ? queue_->pop() : nullptr) {
        if (loses_first_change_) {
            return grpc::Status(grpc::StatusCode::UNAVAILABLE, "connection lost before the event");
        }
        current_ = to_wire(*event);
        writing_ = true;
        return std::nullopt;
    }
    const auto ended = queue_ ? queue_->ended() : std::nullopt;
    return ended ? std::optional(to_status(*ended)) : std::nullopt;
}

void watch_call::finish_once(const grpc::Status& status) {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(finished_, true)) {
            return;
        }
    }
    Finish(status);
}

void watch_call::OnWriteDone(bool ok) {
    {
        const std::lock_guard lock(mutex_);
        writing_ = false;
        cancelled_ = cancelled_ || !ok;
    }
    pump();
}

void watch_call::OnCancel() {
    {
        const std::lock_guard lock(mutex_);
        cancelled_ = true;
    }
    pump();
}

void watch_call::OnDone() {
    const auto last = std::move(self_);
    if (queue_) {
        cluster_.unwatch(queue_);
    }
}

} // namespace hallpass::sandbox
