// TLS as Teleport's Auth Service wants it.
#pragma once

#include "base/result.hpp"
#include "teleport/identity.hpp"

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace hallpass::teleport::transport {

// Whatever address is dialled, the Auth Service's certificate carries this name (teleport-wire 6.2).
inline constexpr const char* auth_server_name = "teleport.cluster.local";

// TLS 1.2 or newer, the identity's certificate, and nobody trusted but the identity's CAs.
result<boost::asio::ssl::context> make_tls_context(const identity& as);

// ALPN h2, SNI and the name to be verified. False where memory is short.
bool prepare_handshake(SSL* tls);

bool agreed_on_http2(const SSL* tls) noexcept;

// What a failed handshake or read means: wrong CA, wrong name, our certificate refused, no TLS at all.
fault explain_tls_failure(
    const SSL* tls, const boost::system::error_code& error, const std::string& peer, const std::string& source
);

} // namespace hallpass::teleport::transport
