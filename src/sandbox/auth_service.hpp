// The calls of proto.AuthService and of the users service. For the Auth Service's files only: it brings in
// gRPC.
#pragma once

#include "sandbox/cluster_state.hpp"
#include "sandbox/delayed_calls.hpp"
#include "sandbox/fault_plan.hpp"
#include "teleport/authservice.grpc.pb.h"
#include "teleport/users_service.grpc.pb.h"

#include <functional>
#include <string>

namespace hallpass::sandbox {

// Applies what the fault plan has for a call, around the work.
class call_front {
public:
    call_front(cluster_state& state, fault_plan& plan) : cluster(state), faults(plan) {}

    // Counts the call; what it fails with, where it is to fail.
    call_fate begin(const char* method, grpc::Status& refused);

    // `work` fills the response in and must not throw; it runs once at most.
    grpc::ServerUnaryReactor* answer(
        grpc::CallbackServerContext* context,
        const char* method,
        google::protobuf::Message* response,
        std::function<grpc::Status()> work
    );

    cluster_state& cluster;
    fault_plan& faults;
    delayed_calls delays;
};

class auth_service final : public proto::AuthService::CallbackService {
public:
    explicit auth_service(call_front& front) : front_(front) {}

    grpc::ServerUnaryReactor*
    Ping(grpc::CallbackServerContext*, const proto::PingRequest*, proto::PingResponse*) override;
    grpc::ServerWriteReactor<proto::Event>*
    WatchEvents(grpc::CallbackServerContext*, const proto::Watch*) override;
    grpc::ServerWriteReactor<types::AccessRequestV3>*
    GetAccessRequestsV2(grpc::CallbackServerContext*, const types::AccessRequestFilter*) override;
    grpc::ServerUnaryReactor*
    SetAccessRequestState(grpc::CallbackServerContext*, const proto::RequestStateSetter*, google::protobuf::Empty*)
        override;
    grpc::ServerUnaryReactor*
    SubmitAccessReview(grpc::CallbackServerContext*, const types::AccessReviewSubmission*, types::AccessRequestV3*)
        override;
    grpc::ServerUnaryReactor*
    GetPluginData(grpc::CallbackServerContext*, const types::PluginDataFilter*, proto::PluginDataSeq*)
        override;
    grpc::ServerUnaryReactor*
    UpdatePluginData(grpc::CallbackServerContext*, const types::PluginDataUpdateParams*, google::protobuf::Empty*)
        override;
    grpc::ServerUnaryReactor*
    ListResources(grpc::CallbackServerContext*, const proto::ListResourcesRequest*, proto::ListResourcesResponse*)
        override;
    grpc::ServerUnaryReactor*
    GetRole(grpc::CallbackServerContext*, const proto::GetRoleRequest*, types::RoleV6*) override;

private:
    call_front& front_;
};

class users_service final : public teleport::users::v1::UsersService::CallbackService {
public:
    explicit users_service(call_front& front) : front_(front) {}

    grpc::ServerUnaryReactor*
    GetUser(grpc::CallbackServerContext*, const teleport::users::v1::GetUserRequest*, teleport::users::v1::GetUserResponse*)
        override;
    grpc::ServerUnaryReactor*
    ListUsers(grpc::CallbackServerContext*, const teleport::users::v1::ListUsersRequest*, teleport::users::v1::ListUsersResponse*)
        override;

private:
    call_front& front_;
};

} // namespace hallpass::sandbox
