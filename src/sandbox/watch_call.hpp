// One WatchEvents call: INIT, then every change, until either side ends it. For the Auth Service's files
// only.
#pragma once

#include "sandbox/cluster_state.hpp"
#include "sandbox/delayed_calls.hpp"
#include "sandbox/fault_plan.hpp"
#include "teleport/authservice.grpc.pb.h"

#include <grpcpp/support/server_callback.h>

#include <memory>
#include <mutex>
#include <optional>

namespace hallpass::sandbox {

grpc::Status to_status(const refusal& why);

// Lives until gRPC is done with it, and as long as an event being pushed needs it.
class watch_call final : public grpc::ServerWriteReactor<proto::Event>,
                         public std::enable_shared_from_this<watch_call> {
public:
    // Ownership is gRPC's from here on.
    // Where its answer is to be lost, the call says INIT and breaks off with the first change it has to tell.
    static watch_call*
    start(cluster_state& cluster, const proto::Watch& wanted, const call_fate& fate, delayed_calls& delays);
    // A call that ends at once.
    static watch_call* refuse(cluster_state& cluster, const grpc::Status& status);

    explicit watch_call(cluster_state& cluster) : cluster_(cluster) {}

    void OnWriteDone(bool ok) override;
    void OnCancel() override;
    void OnDone() override;

private:
    static std::shared_ptr<watch_call> make(cluster_state& cluster);

    void begin(proto::Event first, request_filter filter);
    void pump();
    // With the lock held: makes current_ ready to be written, or says how the call ends, or neither.
    std::optional<grpc::Status> next_step();
    void finish_once(const grpc::Status& status);

    cluster_state& cluster_;
    std::shared_ptr<watch_call> self_;
    std::shared_ptr<event_queue> queue_;

    std::mutex mutex_;
    bool writing_ = false;
    bool cancelled_ = false;
    bool finished_ = false;
    bool loses_first_change_ = false;
    std::optional<proto::Event> first_;
    proto::Event current_;
};

} // namespace hallpass::sandbox
