#include "net/tls_stream.hpp"

#include "net/socket_calls.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <utility>

namespace hallpass::net {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ssl_stream = asio::ssl::stream<tcp::socket>;

class openssl_stream final : public tls_stream {
public:
    openssl_stream(tcp::socket socket, tls_context context, ssl_stream::handshake_type role)
        : context_(std::move(context)), stream_(std::move(socket), *context_), role_(role) {
        set_no_delay(stream_.next_layer());
    }

    // False where OpenSSL refuses the name.
    bool expect_host(const std::string& host) {
        SSL* ssl = stream_.native_handle();
        X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl);
        boost::system::error_code not_an_address;
        asio::ip::make_address(host, not_an_address);
        if (!not_an_address) {
            return X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1;
        }
        X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        return X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size()) == 1 &&
               SSL_ctrl(
                   ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                   const_cast<char*>(host.c_str())
               ) == 1;
    }

    asio::awaitable<boost::system::error_code> handshake() override {
        const auto [error] = co_await stream_.async_handshake(role_, asio::as_tuple(asio::use_awaitable));
        co_return error;
    }

    std::string certificate_problem() const override {
        // const_cast: Asio offers native_handle() only on a stream that may change.
        const long verdict = SSL_get_verify_result(const_cast<ssl_stream&>(stream_).native_handle());
        return verdict == X509_V_OK ? std::string() : X509_verify_cert_error_string(verdict);
    }

    asio::awaitable<io_outcome> read_some(std::span<char> into) override {
        return stream_.async_read_some(
            asio::buffer(into.data(), into.size()), asio::as_tuple(asio::use_awaitable)
        );
    }

    asio::awaitable<io_outcome> write(std::string_view all) override {
        return asio::async_write(
            stream_, asio::buffer(all.data(), all.size()), asio::as_tuple(asio::use_awaitable)
        );
    }

    asio::awaitable<void> finish() override {
        const auto [error] = co_await stream_.async_shutdown(asio::as_tuple(asio::use_awaitable));
        if (error == asio::error::operation_aborted) {
            close_socket(stream_.next_layer());
            co_return;
        }
        co_await drain(stream_.next_layer());
    }

    void cancel() noexcept override {
        boost::system::error_code ignored; // fails only where nothing is under way any more
        stream_.next_layer().cancel(ignored);
    }

    void abort() noexcept override { close_socket(stream_.next_layer()); }

    // Readable is no sign: TLS 1.3 sends session tickets after the handshake.
    bool is_stale() noexcept override { return peek(stream_.next_layer()) == socket_state::ended; }

private:
    tls_context context_;
    ssl_stream stream_;
    ssl_stream::handshake_type role_;
};

result<tls_context> make_context(asio::ssl::context::method method) {
    auto context = std::make_shared<asio::ssl::context>(method);
    SSL_CTX* native = context->native_handle();
    if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1) {
        return fault(fault_kind::unsupported, "OpenSSL refuses TLS 1.2 as the lowest version");
    }
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    return context;
}

fault unreadable(std::string_view what, const boost::system::error_code& error) {
    return fault(fault_kind::malformed, std::string(what) + ": " + error.message());
}

} // namespace

result<tls_context> make_client_tls_context(const std::vector<std::string>& extra_authorities_pem) {
    auto made = make_context(asio::ssl::context::tls_client);
    if (!made) {
        return made;
    }
    asio::ssl::context& context = **made;
    boost::system::error_code error;
    context.set_default_verify_paths(error);
    if (error) {
        return unreadable("the system's certificate authorities can't be read", error);
    }
    for (const std::string& pem : extra_authorities_pem) {
        context.add_certificate_authority(asio::buffer(pem), error);
        if (error) {
            return unreadable("a certificate authority can't be read", error);
        }
    }
    SSL_CTX_set_verify(context.native_handle(), SSL_VERIFY_PEER, nullptr);
    return made;
}

result<tls_context>
make_server_tls_context(const std::string& certificate_chain_pem, const secret& private_key_pem) {
    auto made = make_context(asio::ssl::context::tls_server);
    if (!made) {
        return made;
    }
    asio::ssl::context& context = **made;
    boost::system::error_code error;
    context.use_certificate_chain(asio::buffer(certificate_chain_pem), error);
    if (error) {
        return unreadable("the certificate chain can't be read", error);
    }
    const std::string_view key = private_key_pem.reveal();
    context.use_private_key(asio::buffer(key.data(), key.size()), asio::ssl::context::pem, error);
    if (error) {
        return unreadable("the private key can't be read, or doesn't belong to the certificate", error);
    }
    return made;
}

std::unique_ptr<tls_stream>
make_client_tls_stream(tcp::socket socket, const tls_context& context, const std::string& host) {
    auto stream = std::make_unique<openssl_stream>(std::move(socket), context, ssl_stream::client);
    if (!stream->expect_host(host)) {
        return nullptr;
    }
    return stream;
}

std::unique_ptr<tls_stream> make_server_tls_stream(tcp::socket socket, const tls_context& context) {
    return std::make_unique<openssl_stream>(std::move(socket), context, ssl_stream::server);
}

} // namespace hallpass::net
