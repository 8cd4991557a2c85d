#include "unit/teleport/auth_server.hpp"

#include "teleport/authservice.grpc.pb.h"
#include "teleport/users_service.grpc.pb.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <utility>

namespace hallpass::test {

namespace {

constexpr std::chrono::milliseconds look_for_cancellation{10};

grpc::Status unavailable() {
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "watch closed by the test");
}

} // namespace

class auth_server::service final : public proto::AuthService::Service {
public:
    explicit service(auth_behaviour behaviour) : behaviour_(std::move(behaviour)) {}

    struct watcher {
        std::deque<proto::Event> events;
        bool dropped = false;
    };

    grpc::Status Ping(grpc::ServerContext*, const proto::PingRequest*, proto::PingResponse* answer) override {
        count("Ping");
        if (!behaviour_.has_ping) {
            return grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "unknown method Ping");
        }
        answer->set_clustername("main");
        answer->set_serverversion(behaviour_.version);
        answer->set_proxypublicaddr("teleport.example.com:443");
        answer->mutable_serverfeatures()->set_advancedaccessworkflows(true);
        return grpc::Status::OK;
    }

    grpc::Status WatchEvents(
        grpc::ServerContext* context, const proto::Watch*, grpc::ServerWriter<proto::Event>* out
    ) override {
        count("WatchEvents");
        proto::Event first;
        if (!behaviour_.begins_with_init) {
            first.set_type(proto::PUT);
            first.mutable_accessrequest()->mutable_metadata()->set_name("too-early");
        }
        watcher mine;
        std::unique_lock lock(mutex_);
        watchers_.insert(&mine);
        if (!behaviour_.silent) {
            out->Write(first);
        }
        while (!context->IsCancelled() && !mine.dropped && !stopping_) {
            while (!mine.events.empty()) {
                out->Write(mine.events.front());
                mine.events.pop_front();
            }
            changed_.wait_for(lock, look_for_cancellation);
        }
        watchers_.erase(&mine);
        return unavailable();
    }

    grpc::Status GetAccessRequestsV2(
        grpc::ServerContext*,
        const types::AccessRequestFilter* filter,
        grpc::ServerWriter<types::AccessRequestV3>* out
    ) override {
        count("GetAccessRequestsV2");
        std::vector<types::AccessRequestV3> found;
        {
            const std::lock_guard lock(mutex_);
            for (const auto& [id, request] : requests_) {
                const bool wanted =
                    (filter->id().empty() || filter->id() == id) &&
                    (filter->state() == types::NONE || filter->state() == request.spec().state());
                if (wanted) {
                    found.push_back(request);
                }
            }
        }
        if (behaviour_.while_listing) {
            behaviour_.while_listing();
        }
        for (const auto& request : found) {
            out->Write(request);
        }
        return grpc::Status::OK;
    }

    grpc::Status GetPluginData(
        grpc::ServerContext*, const types::PluginDataFilter* filter, proto::PluginDataSeq* answer
    ) override {
        count("GetPluginData");
        const std::lock_guard lock(mutex_);
        for (const auto& [resource, plugins] : data_) {
            if (!filter->resource().empty() && filter->resource() != resource) {
                continue;
            }
            types::PluginDataV3* record = answer->add_plugindata();
            record->set_subkind("access_request");
            record->mutable_metadata()->set_name(resource);
            auto& entries = *record->mutable_spec()->mutable_entries();
            for (const auto& [plugin, values] : plugins) {
                for (const auto& [key, value] : values) {
                    (*entries[plugin].mutable_data())[key] = value;
                }
            }
        }
        return grpc::Status::OK;
    }

    grpc::Status
    UpdatePluginData(grpc::ServerContext* context, const types::PluginDataUpdateParams* update, google::protobuf::Empty*)
        override {
        count("UpdatePluginData");
        std::unique_lock lock(mutex_);
        while (behaviour_.hangs_on_update && !context->IsCancelled() && !stopping_) {
            changed_.wait_for(lock, look_for_cancellation);
        }
        auto& values = data_[update->resource()][update->plugin()];
        for (const auto& [key, value] : update->expect()) {
            if (values[key] != value) {
                return grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "expectation failed");
            }
        }
        for (const auto& [key, value] : update->set()) {
            values[key] = value;
        }
        return grpc::Status::OK;
    }

    grpc::Status SubmitAccessReview(
        grpc::ServerContext* context,
        const types::AccessReviewSubmission* given,
        types::AccessRequestV3* answer
    ) override {
        count("SubmitAccessReview");
        std::unique_lock lock(mutex_);
        while (behaviour_.hangs_on_review && !context->IsCancelled() && !stopping_) {
            changed_.wait_for(lock, look_for_cancellation);
        }
        const types::AccessReview& review = given->review();
        last_decision_ = given->requestid() + " " + review.author() + " " +
                         types::RequestState_Name(review.proposedstate()) +
                         (review.submitted_on_behalf_of_author() ? " on behalf: " : ": ") + review.reason();
        const auto found = requests_.find(given->requestid());
        if (found == requests_.end()) {
            return grpc::Status(grpc::StatusCode::NOT_FOUND, "access request not found");
        }
        if (!review.author().empty() &&
            !(review.submitted_on_behalf_of_author() && behaviour_.submit_for_users)) {
            return grpc::Status(
                grpc::StatusCode::PERMISSION_DENIED,
                "user \"hallpass\" cannot submit reviews on behalf of \"" + review.author() + '"'
            );
        }
        types::AccessRequestSpecV3& spec = *found->second.mutable_spec();
        if (spec.state() != types::PENDING) {
            return grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "the request has been resolved");
        }
        for (const types::AccessReview& other : spec.reviews()) {
            if (other.author() == review.author()) {
                return grpc::Status(
                    grpc::StatusCode::PERMISSION_DENIED,
                    "user \"" + review.author() + "\" has already reviewed this request"
                );
            }
        }
        *spec.add_reviews() = review;
        *answer = found->second;
        return grpc::Status::OK;
    }

    grpc::Status
    SetAccessRequestState(grpc::ServerContext*, const proto::RequestStateSetter* given, google::protobuf::Empty*)
        override {
        count("SetAccessRequestState");
        const std::lock_guard lock(mutex_);
        last_decision_ = given->id() + " " + given->delegator() + " " +
                         types::RequestState_Name(given->state()) + " by state: " + given->reason();
        const auto found = requests_.find(given->id());
        if (found == requests_.end()) {
            return grpc::Status(grpc::StatusCode::NOT_FOUND, "access request not found");
        }
        found->second.mutable_spec()->set_state(given->state());
        return grpc::Status::OK;
    }

    grpc::Status GetRole(grpc::ServerContext*, const proto::GetRoleRequest*, types::RoleV6* answer) override {
        count("GetRole");
        if (!behaviour_.knows_roles) {
            return grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "access denied");
        }
        for (const std::string& login : behaviour_.logins) {
            answer->mutable_spec()->mutable_allow()->add_logins(login);
        }
        return grpc::Status::OK;
    }

    grpc::Status ListResources(
        grpc::ServerContext*, const proto::ListResourcesRequest* request, proto::ListResourcesResponse* answer
    ) override {
        count("ListResources");
        if (request->predicateexpression() == "resource.metadata.name == \"n-1\"") {
            types::ServerV2& node = *answer->add_resources()->mutable_node();
            node.mutable_metadata()->set_name("n-1");
            node.mutable_spec()->set_hostname("db.example.com");
        }
        return grpc::Status::OK;
    }

    void tell(const proto::Event& event) {
        for (watcher* one : watchers_) {
            one->events.push_back(event);
        }
        changed_.notify_all();
    }

    void count(const std::string& method) {
        const std::lock_guard lock(mutex_);
        ++calls_[method];
    }

    auth_behaviour behaviour_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, types::AccessRequestV3> requests_;
    std::map<std::string, std::map<std::string, std::map<std::string, std::string>>> data_;
    std::map<std::string, int> calls_;
    std::vector<types::UserV2> users_;
    std::string last_decision_;
    std::set<watcher*> watchers_;
    bool stopping_ = false;
};

class auth_server::users_service final : public ::teleport::users::v1::UsersService::Service {
public:
    explicit users_service(service& auth) : auth_(auth) {}

    grpc::Status GetUser(
        grpc::ServerContext*,
        const ::teleport::users::v1::GetUserRequest* request,
        ::teleport::users::v1::GetUserResponse* answer
    ) override {
        auth_.count("GetUser");
        if (request->name() == "nobody") {
            return grpc::Status(grpc::StatusCode::NOT_FOUND, "user not found");
        }
        answer->mutable_user()->mutable_metadata()->set_name(request->name());
        auto& traits = *answer->mutable_user()->mutable_spec()->mutable_traits()->mutable_values();
        traits["logins"].add_values(request->name());
        return grpc::Status::OK;
    }

    grpc::Status ListUsers(
        grpc::ServerContext*,
        const ::teleport::users::v1::ListUsersRequest* request,
        ::teleport::users::v1::ListUsersResponse* answer
    ) override {
        auth_.count("ListUsers");
        const std::lock_guard lock(auth_.mutex_);
        std::size_t next = request->page_token().empty() ? 0 : std::stoul(request->page_token());
        const std::size_t end = next + static_cast<std::size_t>(auth_.behaviour_.page_of_users);
        while (next < end && next < auth_.users_.size()) {
            *answer->add_users() = auth_.users_[next++];
        }
        if (next < auth_.users_.size()) {
            answer->set_next_page_token(std::to_string(next));
        }
        return grpc::Status::OK;
    }

private:
    service& auth_;
};

struct auth_server::running {
    std::unique_ptr<grpc::Server> server;
    int port = 0;
};

auth_server::auth_server(const pki& cluster, auth_behaviour behaviour)
    : auth_server(cluster.issue_server(), cluster.ca_certificate(), std::move(behaviour)) {}

auth_server::auth_server(const pki::pair& own, const std::string& client_ca, auth_behaviour behaviour)
    : service_(std::make_unique<service>(std::move(behaviour))),
      users_(std::make_unique<users_service>(*service_)),
      running_(std::make_unique<running>()) {
    grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = client_ca;
    options.pem_key_cert_pairs.push_back({own.key, own.certificate});
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options), &running_->port);
    builder.RegisterService(service_.get());
    builder.RegisterService(users_.get());
    running_->server = builder.BuildAndStart();
    if (!running_->server) {
        throw std::runtime_error("the test's Auth Service can't listen");
    }
}

auth_server::~auth_server() {
    {
        const std::lock_guard lock(service_->mutex_);
        service_->stopping_ = true;
        service_->changed_.notify_all();
    }
    running_->server->Shutdown(std::chrono::system_clock::now());
    running_->server->Wait();
}

std::string auth_server::address() const {
    return "127.0.0.1:" + std::to_string(running_->port);
}

void auth_server::create_request(const std::string& id, const std::string& user) {
    const std::lock_guard lock(service_->mutex_);
    types::AccessRequestV3& request = service_->requests_[id];
    request.mutable_metadata()->set_name(id);
    request.mutable_spec()->set_user(user);
    request.mutable_spec()->add_roles("prod");
    request.mutable_spec()->set_state(types::PENDING);
    proto::Event event;
    event.set_type(proto::PUT);
    *event.mutable_accessrequest() = request;
    service_->tell(event);
}

void auth_server::approve(const std::string& id) {
    const std::lock_guard lock(service_->mutex_);
    types::AccessRequestV3& request = service_->requests_.at(id);
    request.mutable_spec()->set_state(types::APPROVED);
    proto::Event event;
    event.set_type(proto::PUT);
    *event.mutable_accessrequest() = request;
    service_->tell(event);
}

void auth_server::remove(const std::string& id) {
    const std::lock_guard lock(service_->mutex_);
    service_->requests_.erase(id);
    proto::Event event;
    event.set_type(proto::DELETE);
    event.mutable_resourceheader()->set_kind("access_request");
    event.mutable_resourceheader()->mutable_metadata()->set_name(id);
    service_->tell(event);
}

void auth_server::add_user(const std::string& name, const std::vector<std::string>& values) {
    const std::lock_guard lock(service_->mutex_);
    types::UserV2& user = service_->users_.emplace_back();
    user.mutable_metadata()->set_name(name);
    auto& trait = (*user.mutable_spec()->mutable_traits()->mutable_values())["slack_uid"];
    trait.mutable_values()->Add(values.begin(), values.end());
}

std::string auth_server::last_decision() const {
    const std::lock_guard lock(service_->mutex_);
    return service_->last_decision_;
}

void auth_server::drop_watches() {
    const std::lock_guard lock(service_->mutex_);
    for (service::watcher* one : service_->watchers_) {
        one->dropped = true;
    }
    service_->changed_.notify_all();
}

int auth_server::calls(const std::string& method) const {
    const std::lock_guard lock(service_->mutex_);
    const auto at = service_->calls_.find(method);
    return at == service_->calls_.end() ? 0 : at->second;
}

int auth_server::watches() const {
    const std::lock_guard lock(service_->mutex_);
    return static_cast<int>(service_->watchers_.size());
}

std::string
auth_server::plugin_data(const std::string& id, const std::string& plugin, const std::string& key) const {
    const std::lock_guard lock(service_->mutex_);
    return service_->data_[id][plugin][key];
}

} // namespace hallpass::test
