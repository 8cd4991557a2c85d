// A small OpenID provider: whoever comes is who they say, as it is in a sandbox.
#pragma once

#include "net/http_server.hpp"

#include <boost/json/object.hpp>

#include <memory>
#include <string>

namespace hallpass::sandbox {

// Below /oidc/: its configuration, "authorize", which takes the person's address as `sandbox_user`, "token"
// and "keys". Codes are good once, for the verifier of their challenge and for their redirect_uri.
class oidc_provider {
public:
    static constexpr const char* client_id = "hallpass";
    static constexpr const char* client_secret = "oidc-sandbox-secret";

    oidc_provider();
    ~oidc_provider();
    oidc_provider(const oidc_provider&) = delete;
    oidc_provider& operator=(const oidc_provider&) = delete;

    // "https://127.0.0.1:40005/oidc"
    void set_issuer(std::string issuer);
    const std::string& issuer() const noexcept;

    net::server_response answer(const net::server_request& request);

private:
    struct inside;
    std::unique_ptr<inside> inside_;
};

// Of a query or a form; "" where it isn't there.
std::string form_field(std::string_view form, std::string_view name);
std::string form_escaped(std::string_view text);

} // namespace hallpass::sandbox
