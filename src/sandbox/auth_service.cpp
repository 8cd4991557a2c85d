#include "sandbox/auth_service.hpp"

#include "base/text.hpp"
#include "sandbox/auth_convert.hpp"
#include "sandbox/resource_query.hpp"
#include "sandbox/watch_call.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace hallpass::sandbox {

namespace {

constexpr int users_on_a_page = 1000;

// The Teleport user in the client's certificate.
std::string caller_of(const grpc::CallbackServerContext& context) {
    const auto names = context.auth_context()->FindPropertyValues("x509_common_name");
    return names.empty() ? std::string() : std::string(names.front().data(), names.front().size());
}

grpc::Status to_status(const outcome<void>& done) {
    return done ? grpc::Status::OK : to_status(done.error());
}

// Streams a list that was read when the call came; gRPC deletes it through OnDone.
class list_call final : public grpc::ServerWriteReactor<types::AccessRequestV3> {
public:
    explicit list_call(std::vector<recorded_request> listed, bool garbage)
        : listed_(std::move(listed)), garbage_(garbage) {}

    void OnWriteDone(bool ok) override {
        if (ok) {
            next();
        } else {
            Finish(grpc::Status::CANCELLED);
        }
    }

    void OnDone() override { delete this; }

    void next() {
        if (at_ == listed_.size()) {
            Finish(grpc::Status::OK);
            return;
        }
        current_ = to_wire(listed_[at_++]);
        if (garbage_) {
            spoil(current_);
        }
        StartWrite(&current_);
    }

private:
    std::vector<recorded_request> listed_;
    std::size_t at_ = 0;
    bool garbage_;
    types::AccessRequestV3 current_;
};

} // namespace

grpc::ServerUnaryReactor* auth_service::Ping(
    grpc::CallbackServerContext* context, const proto::PingRequest*, proto::PingResponse* response
) {
    return front_.answer(context, "Ping", response, [this, response] {
        const cluster_settings settings = front_.cluster.settings();
        response->set_clustername(settings.name);
        response->set_serverversion(settings.server_version);
        response->set_proxypublicaddr(
            settings.proxy_public_addr.empty() ? settings.name + ":443" : settings.proxy_public_addr
        );
        response->mutable_serverfeatures()->set_advancedaccessworkflows(settings.advanced_access_workflows);
        return grpc::Status::OK;
    });
}

grpc::ServerWriteReactor<proto::Event>*
auth_service::WatchEvents(grpc::CallbackServerContext*, const proto::Watch* wanted) {
    grpc::Status refused;
    const call_fate fate = front_.begin("WatchEvents", refused);
    if (!refused.ok()) {
        return watch_call::refuse(front_.cluster, refused);
    }
    return watch_call::start(front_.cluster, *wanted, fate, front_.delays);
}

grpc::ServerWriteReactor<types::AccessRequestV3>*
auth_service::GetAccessRequestsV2(grpc::CallbackServerContext*, const types::AccessRequestFilter* filter) {
    grpc::Status refused;
    const call_fate fate = front_.begin("GetAccessRequestsV2", refused);
    request_filter wanted;
    wanted.id = filter->id();
    wanted.user = filter->user();
    wanted.state = from_wire(filter->state());
    auto* call = new list_call(front_.cluster.requests(wanted), fate.garbage);
    if (fate.lose_answer) {
        refused = {grpc::StatusCode::UNAVAILABLE, "connection lost before the answer"};
    }
    front_.delays.after(fate.delay, [call, refused](bool elapsed) {
        if (!elapsed) {
            call->Finish({grpc::StatusCode::UNAVAILABLE, "the Auth Service is going down"});
        } else if (!refused.ok()) {
            call->Finish(refused);
        } else {
            call->next();
        }
    });
    return call;
}

grpc::ServerUnaryReactor* auth_service::SetAccessRequestState(
    grpc::CallbackServerContext* context,
    const proto::RequestStateSetter* wanted,
    google::protobuf::Empty* response
) {
    return front_.answer(context, "SetAccessRequestState", response, [this, wanted] {
        return to_status(front_.cluster.set_state(
            wanted->id(), {from_wire(wanted->state()), wanted->reason(), wanted->delegator()}
        ));
    });
}

grpc::ServerUnaryReactor* auth_service::SubmitAccessReview(
    grpc::CallbackServerContext* context,
    const types::AccessReviewSubmission* submitted,
    types::AccessRequestV3* response
) {
    return front_.answer(context, "SubmitAccessReview", response, [this, context, submitted, response] {
        const types::AccessReview& review = submitted->review();
        if (!review.annotations().values().empty() || !review.roles().empty()) {
            return grpc::Status(
                grpc::StatusCode::UNIMPLEMENTED, "reviews with annotations or a subset of roles"
            );
        }
        const auto done =
            front_.cluster.review_as(caller_of(*context), submitted->requestid(), from_wire(review));
        if (!done) {
            return to_status(done.error());
        }
        *response = to_wire(*done);
        return grpc::Status(grpc::Status::OK);
    });
}

grpc::ServerUnaryReactor* auth_service::GetPluginData(
    grpc::CallbackServerContext* context,
    const types::PluginDataFilter* filter,
    proto::PluginDataSeq* response
) {
    return front_.answer(context, "GetPluginData", response, [this, filter, response] {
        const auto found = front_.cluster.plugin_data({filter->kind(), filter->resource(), filter->plugin()});
        if (!found) {
            return to_status(found.error());
        }
        for (const plugin_record& record : *found) {
            *response->add_plugindata() = to_wire(record);
        }
        return grpc::Status(grpc::Status::OK);
    });
}

grpc::ServerUnaryReactor* auth_service::UpdatePluginData(
    grpc::CallbackServerContext* context,
    const types::PluginDataUpdateParams* update,
    google::protobuf::Empty* response
) {
    return front_.answer(context, "UpdatePluginData", response, [this, update] {
        return to_status(front_.cluster.update_plugin_data(from_wire(*update)));
    });
}

grpc::ServerUnaryReactor* auth_service::ListResources(
    grpc::CallbackServerContext* context,
    const proto::ListResourcesRequest* wanted,
    proto::ListResourcesResponse* response
) {
    return front_.answer(context, "ListResources", response, [this, wanted, response] {
        return list_resources(front_.cluster.known(), *wanted, *response);
    });
}

grpc::ServerUnaryReactor* auth_service::GetRole(
    grpc::CallbackServerContext* context, const proto::GetRoleRequest* wanted, types::RoleV6* response
) {
    return front_.answer(context, "GetRole", response, [this, wanted, response] {
        const directory known = front_.cluster.known();
        const auto found = known.logins_by_role.find(wanted->name());
        if (found == known.logins_by_role.end()) {
            return to_status(refusal{
                refusal_code::not_found, "role \"" + one_line(wanted->name()) + "\" is not found"});
        }
        response->set_kind("role");
        response->set_version("v7");
        response->mutable_metadata()->set_name(wanted->name());
        for (const std::string& login : found->second) {
            response->mutable_spec()->mutable_allow()->add_logins(login);
        }
        return grpc::Status(grpc::Status::OK);
    });
}

grpc::ServerUnaryReactor* users_service::GetUser(
    grpc::CallbackServerContext* context,
    const teleport::users::v1::GetUserRequest* wanted,
    teleport::users::v1::GetUserResponse* response
) {
    return front_.answer(context, "GetUser", response, [this, context, wanted, response] {
        const directory known = front_.cluster.known();
        const std::string name = wanted->current_user() ? caller_of(*context) : wanted->name();
        const cluster_user* found = find_user(known, name);
        if (found == nullptr) {
            return to_status(refusal{refusal_code::not_found, "user \"" + one_line(name) + "\" not found"});
        }
        *response->mutable_user() = to_wire(*found);
        return grpc::Status(grpc::Status::OK);
    });
}

grpc::ServerUnaryReactor* users_service::ListUsers(
    grpc::CallbackServerContext* context,
    const teleport::users::v1::ListUsersRequest* wanted,
    teleport::users::v1::ListUsersResponse* response
) {
    return front_.answer(context, "ListUsers", response, [this, wanted, response] {
        std::vector<cluster_user> users = front_.cluster.known().users;
        std::ranges::sort(users, {}, &cluster_user::name);
        // A page begins with the name that its token is.
        const auto from = std::ranges::lower_bound(users, wanted->page_token(), {}, &cluster_user::name);
        const int most =
            wanted->page_size() > 0 ? std::min(wanted->page_size(), users_on_a_page) : users_on_a_page;
        for (auto user = from; user != users.end(); ++user) {
            if (response->users_size() == most) {
                response->set_next_page_token(user->name);
                break;
            }
            *response->add_users() = to_wire(*user);
        }
        return grpc::Status(grpc::Status::OK);
    });
}

} // namespace hallpass::sandbox
