#include "teleport/transport/tls_context.hpp"

#include "base/text.hpp"
#include "teleport/key_material.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/verify_mode.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <string_view>
#include <utility>

namespace hallpass::teleport::transport {

namespace ssl = boost::asio::ssl;

namespace {

constexpr std::array<unsigned char, 3> alpn_h2{2, 'h', '2'};

fault unusable(const identity& as, std::string_view what, const boost::system::error_code& error) {
    std::string text = "identity file " + as.source + ": TLS can't use ";
    text.append(what).append(": ").append(one_line(error.message()));
    return fault(fault_kind::malformed, std::move(text));
}

int reason_of(const boost::system::error_code& error) noexcept {
    if (error.category() != boost::asio::error::get_ssl_category()) {
        return 0;
    }
    return ERR_GET_REASON(static_cast<unsigned long>(error.value()));
}

// Alerts by which the other side says that it doesn't take our certificate.
bool is_certificate_refused(int reason) noexcept {
    switch (reason) {
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
        return true;
    default:
        return false;
    }
}

fault unverified(long why, const std::string& peer, const std::string& source) {
    const std::string said = X509_verify_cert_error_string(why);
    if (why == X509_V_ERR_HOSTNAME_MISMATCH) {
        return fault(
            fault_kind::unauthorised, "the certificate of " + peer + " is not that of an Auth Service (" +
                                          auth_server_name + "); check teleport.addr"
        );
    }
    if (why == X509_V_ERR_CERT_HAS_EXPIRED || why == X509_V_ERR_CERT_NOT_YET_VALID) {
        return fault(
            fault_kind::unauthorised,
            "the certificate of " + peer + " is not valid now (" + said + "); check both machines' clocks"
        );
    }
    return fault(
        fault_kind::unauthorised, "the certificate of " + peer +
                                      " is not signed by the CA in identity file " + source + " (" + said +
                                      "); check that teleport.addr is the Auth Service of the cluster the "
                                      "identity was made by"
    );
}

} // namespace

result<ssl::context> make_tls_context(const identity& as) {
    ssl::context context(ssl::context::tls_client);
    boost::system::error_code error;
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    context.use_certificate_chain(boost::asio::buffer(as.certificate), error);
    if (error) {
        return unusable(as, "the client certificate", error);
    }
    result<std::string> key_text = normalised_key(as.private_key.reveal());
    if (!key_text) {
        return key_text.error();
    }
    const secret key(std::move(*key_text));
    context.use_private_key(boost::asio::buffer(key.reveal()), ssl::context::pem, error);
    if (error) {
        return unusable(as, "the private key", error);
    }
    for (const std::string& authority : as.authorities) {
        context.add_certificate_authority(boost::asio::buffer(authority), error);
        if (error) {
            return unusable(as, "a CA certificate", error);
        }
    }
    context.set_verify_mode(ssl::verify_peer, error);
    // As in Go, each of the CAs is an anchor by itself, whoever signed it.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.native_handle()), X509_V_FLAG_PARTIAL_CHAIN);
    return context;
}

bool prepare_handshake(SSL* tls) {
    X509_VERIFY_PARAM_set_hostflags(SSL_get0_param(tls), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set_alpn_protos(tls, alpn_h2.data(), static_cast<unsigned>(alpn_h2.size())) == 0 &&
           SSL_ctrl(
               tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(auth_server_name)
           ) == 1 &&
           SSL_set1_host(tls, auth_server_name) == 1;
}

bool agreed_on_http2(const SSL* tls) noexcept {
    const unsigned char* chosen = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(tls, &chosen, &length);
    return std::string_view(reinterpret_cast<const char*>(chosen), length) == "h2";
}

fault explain_tls_failure(
    const SSL* tls, const boost::system::error_code& error, const std::string& peer, const std::string& source
) {
    const int reason = reason_of(error);
    const std::string said = one_line(error.message());
    // Asked first, because the oldest error in OpenSSL's queue may only tell why a signature didn't match.
    if (const long verified = SSL_get_verify_result(tls); reason != 0 && verified != X509_V_OK) {
        return unverified(verified, peer, source);
    }
    if (is_certificate_refused(reason)) {
        return fault(
            fault_kind::unauthorised, peer + " refused the certificate of identity file " + source + " (" +
                                          said +
                                          "); renew the identity, and check that it belongs to this cluster"
        );
    }
    if (reason == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL) {
        return fault(
            fault_kind::permanent, peer + " does not speak HTTP/2 (ALPN h2), so it is no Auth Service; check "
                                          "teleport.addr"
        );
    }
    if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
        reason == SSL_R_PACKET_LENGTH_TOO_LONG) {
        return fault(
            fault_kind::malformed,
            peer + " does not speak TLS (" + said + "), so it is no Auth Service; check teleport.addr"
        );
    }
    if (error == boost::asio::error::eof || error == ssl::error::stream_truncated) {
        return fault(fault_kind::transient, peer + " closed the connection");
    }
    return fault(fault_kind::transient, "connection to " + peer + " lost: " + said);
}

} // namespace hallpass::teleport::transport
