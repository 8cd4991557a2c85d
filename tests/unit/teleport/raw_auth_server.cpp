#include "unit/teleport/raw_auth_server.hpp"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <chrono>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace hallpass::test {

namespace {

// gRPC deletes it through OnDone, and may call back while it is called.
class raw_call final : public grpc::ServerGenericBidiReactor {
public:
    explicit raw_call(raw_answer answer) : answer_(std::move(answer)) { next(); }

    void OnWriteDone(bool ok) override {
        if (ok) {
            next();
        } else {
            finish_once(grpc::Status::CANCELLED);
        }
    }

    void OnCancel() override { finish_once(grpc::Status::CANCELLED); }

    void OnDone() override { delete this; }

private:
    ~raw_call() override = default;

    void next() {
        if (at_ < answer_.messages.size()) {
            const grpc::Slice bytes(answer_.messages[at_++]);
            current_ = grpc::ByteBuffer(&bytes, 1);
            StartWrite(&current_);
        } else if (answer_.ends) {
            finish_once(grpc::Status::OK);
        }
    }

    void finish_once(const grpc::Status& status) {
        {
            const std::lock_guard lock(mutex_);
            if (std::exchange(finished_, true)) {
                return;
            }
        }
        Finish(status);
    }

    const raw_answer answer_;
    std::size_t at_ = 0;
    grpc::ByteBuffer current_;
    std::mutex mutex_;
    bool finished_ = false;
};

class raw_service final : public grpc::CallbackGenericService {
public:
    explicit raw_service(std::map<std::string, raw_answer> answers) : answers_(std::move(answers)) {}

    grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
        const std::string& path = context->method();
        const auto found = answers_.find(path.substr(path.rfind('/') + 1));
        if (found == answers_.end()) {
            return CallbackGenericService::CreateReactor(context);
        }
        return new raw_call(found->second);
    }

private:
    const std::map<std::string, raw_answer> answers_;
};

} // namespace

struct raw_auth_server::running {
    explicit running(std::map<std::string, raw_answer> answers) : service(std::move(answers)) {}

    raw_service service;
    std::unique_ptr<grpc::Server> server;
    int port = 0;
};

raw_auth_server::raw_auth_server(const pki& cluster, std::map<std::string, raw_answer> answers)
    : running_(std::make_unique<running>(std::move(answers))) {
    const pki::pair own = cluster.issue_server();
    grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = cluster.ca_certificate();
    options.pem_key_cert_pairs.push_back({own.key, own.certificate});
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options), &running_->port);
    builder.RegisterCallbackGenericService(&running_->service);
    running_->server = builder.BuildAndStart();
    if (!running_->server) {
        throw std::runtime_error("the test's raw Auth Service can't listen");
    }
}

raw_auth_server::~raw_auth_server() {
    running_->server->Shutdown(std::chrono::system_clock::now());
    running_->server->Wait();
}

std::string raw_auth_server::address() const {
    return "127.0.0.1:" + std::to_string(running_->port);
}

} // namespace hallpass::test
