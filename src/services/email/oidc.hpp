// The operator's OpenID provider: where people log in, and what it says of them.
#pragma once

#include "base/secret.hpp"
#include "ports/clock.hpp"
#include "ports/http_client.hpp"
#include "services/email/id_token.hpp"
#include "services/published_keys.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace hallpass::services::email {

struct oidc_config {
    std::string issuer; // "https://login.example.com", as the provider writes it
    std::string client_id;
    secret client_secret;
};

// One login: what only its browser and we know.
struct login {
    std::string state;
    std::string nonce;
    std::string verifier; // of PKCE (RFC 7636)
    std::string redirect_uri;
};

// On the io_context thread. `http` and `time` outlive it.
class oidc_provider {
public:
    oidc_provider(oidc_config config, ports::http_client& http, ports::clock& time);

    // The URL of the provider's page.
    boost::asio::awaitable<result<std::string>> begin(login with);
    // What the code proves that the provider has sent the browser back with. The provider's keys are kept for
    // an hour, and asked for again where a token's key is new.
    boost::asio::awaitable<result<proved_person>> finish(login with, std::string code);

private:
    struct endpoints {
        std::string authorization;
        std::string token;
        std::string keys;
        bool secret_in_body = false;
    };

    boost::asio::awaitable<result<boost::json::object>> ask(ports::http_request request);
    boost::asio::awaitable<result<void>> discover();
    boost::asio::awaitable<result<std::string>> get_keys(std::chrono::milliseconds at_most);
    boost::asio::awaitable<result<std::string>> exchange(login with, std::string code);

    oidc_config config_;
    ports::http_client& http_;
    ports::clock& time_;
    endpoints at_;
    instant discovered_{};
    published_keys keys_;
};

} // namespace hallpass::services::email
