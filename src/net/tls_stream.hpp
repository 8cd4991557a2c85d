// TLS 1.2 and later over a connected socket, by OpenSSL.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "net/byte_stream.hpp"

#include <memory>
#include <string>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace hallpass::net {

// Settings shared by many connections; copies share them too.
using tls_context = std::shared_ptr<boost::asio::ssl::context>;

// Trusts the system's authorities, or those that SSL_CERT_FILE and SSL_CERT_DIR name
// (SSL_CTX_set_default_verify_ paths(3)), and the given PEM texts.
result<tls_context> make_client_tls_context(const std::vector<std::string>& extra_authorities_pem);

// malformed where the certificate or the key can't be read or don't belong together.
result<tls_context>
make_server_tls_context(const std::string& certificate_chain_pem, const secret& private_key_pem);

class tls_stream : public byte_stream {
public:
    // Before anything else. The caller bounds it in time with abort().
    virtual boost::asio::awaitable<boost::system::error_code> handshake() = 0;

    // After a failed handshake: why the peer's certificate was refused, or "" where that was not the reason.
    virtual std::string certificate_problem() const = 0;
};

// Verifies the peer's chain and that its certificate is for `host` (a name or an IP address); sends SNI.
std::unique_ptr<tls_stream> make_client_tls_stream(
    boost::asio::ip::tcp::socket socket, const tls_context& context, const std::string& host
);

std::unique_ptr<tls_stream>
make_server_tls_stream(boost::asio::ip::tcp::socket socket, const tls_context& context);

} // namespace hallpass::net
