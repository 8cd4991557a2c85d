#include "sandbox/auth_server.hpp"

#include "sandbox/auth_service.hpp"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <utility>
#include <vector>

namespace hallpass::sandbox {

namespace {

constexpr int max_message_bytes = 4 * 1024 * 1024;

// gRPC has already verified the chain; this refuses what was rotated away.
class current_identity_verifier final : public grpc::experimental::ExternalCertificateVerifier {
public:
    explicit current_identity_verifier(const cluster_pki& pki) : pki_(pki) {}

    bool Verify(
        grpc::experimental::TlsCustomVerificationCheckRequest* request,
        std::function<void(grpc::Status)>,
        grpc::Status* status
    ) override {
        const auto pem = request->peer_cert();
        if (!pki_.is_current(serial_of(std::string(pem.data(), pem.size())))) {
            *status = {grpc::StatusCode::UNAUTHENTICATED, "this identity was rotated away"};
        }
        return true; // decided at once
    }

    void Cancel(grpc::experimental::TlsCustomVerificationCheckRequest*) override {}

private:
    const cluster_pki& pki_;
};

std::shared_ptr<grpc::ServerCredentials>
make_credentials(const server_certificate& own, const cluster_pki& pki) {
    namespace tls = grpc::experimental;
    const tls::IdentityKeyCertPair pair{std::string(own.private_key_pem.reveal()), own.certificate_pem};
    const auto provider =
        std::make_shared<tls::StaticDataCertificateProvider>(pki.authority_pem(), std::vector{pair});
    tls::TlsServerCredentialsOptions options(provider);
    options.watch_root_certs();
    options.watch_identity_key_cert_pairs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.set_certificate_verifier(tls::ExternalCertificateVerifier::Create<current_identity_verifier>(pki)
    );
    return tls::TlsServerCredentials(options);
}

std::string host_of(const std::string& address) {
    return address.substr(0, address.rfind(':'));
}

} // namespace

struct auth_server::parts {
    parts(cluster_state& cluster, fault_plan& faults) : front(cluster, faults), calls(front), users(front) {}

    call_front front;
    auth_service calls;
    users_service users;
    std::shared_ptr<grpc::ServerCredentials> credentials;
    std::string address;
    std::unique_ptr<grpc::Server> server;
};

auth_server::auth_server(std::unique_ptr<parts> own) : parts_(std::move(own)) {}

auth_server::~auth_server() {
    go_down();
}

result<std::unique_ptr<auth_server>>
auth_server::start(const std::string& listen, cluster_pki& pki, cluster_state& cluster, fault_plan& faults) {
    const auto certificate = pki.auth_certificate();
    if (!certificate) {
        return certificate.error();
    }
    auto own = std::make_unique<parts>(cluster, faults);
    own->credentials = make_credentials(*certificate, pki);
    own->address = listen;
    std::unique_ptr<auth_server> made(new auth_server(std::move(own)));
    if (auto up = made->come_up(); !up) {
        return up.error();
    }
    return made;
}

const std::string& auth_server::address() const noexcept {
    return parts_->address;
}

bool auth_server::is_up() const noexcept {
    return parts_->server != nullptr;
}

void auth_server::go_down() {
    if (!parts_->server) {
        return;
    }
    parts_->front.cluster.drop_watchers({refusal_code::unavailable, "the Auth Service is going down"});
    parts_->front.delays.cancel_all();
    parts_->server->Shutdown(std::chrono::system_clock::now());
    parts_->server.reset();
}

result<void> auth_server::come_up() {
    if (parts_->server) {
        return {};
    }
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(parts_->address, parts_->credentials, &port);
    builder.RegisterService(&parts_->calls);
    builder.RegisterService(&parts_->users);
    builder.SetMaxReceiveMessageSize(max_message_bytes);
    // Two sandboxes must not share a port without a word.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
    parts_->server = builder.BuildAndStart();
    if (!parts_->server || port == 0) {
        parts_->server.reset();
        return fault(
            fault_kind::permanent,
            "the simulated Auth Service can't listen on " + parts_->address + "; choose another --auth-listen"
        );
    }
    parts_->address = host_of(parts_->address) + ':' + std::to_string(port);
    return {};
}

} // namespace hallpass::sandbox
