// The simulated Auth Service on the network: gRPC with mutual TLS, on gRPC's own threads.
#pragma once

#include "base/result.hpp"
#include "sandbox/cluster_pki.hpp"
#include "sandbox/cluster_state.hpp"
#include "sandbox/fault_plan.hpp"

#include <memory>
#include <string>

namespace hallpass::sandbox {

class auth_server {
public:
    // `listen` is host:port; port 0 takes a free one. The three others outlive the server.
    static result<std::unique_ptr<auth_server>>
    start(const std::string& listen, cluster_pki& pki, cluster_state& cluster, fault_plan& faults);

    ~auth_server();
    auth_server(const auth_server&) = delete;
    auth_server& operator=(const auth_server&) = delete;

    // "127.0.0.1:43025", the port filled in; the same after go_down() and come_up().
    const std::string& address() const noexcept;
    bool is_up() const noexcept;

    // Cuts every connection and refuses new ones. Waits until all calls have ended.
    void go_down();
    result<void> come_up();

private:
    struct parts;

    explicit auth_server(std::unique_ptr<parts> own);

    std::unique_ptr<parts> parts_;
};

} // namespace hallpass::sandbox
