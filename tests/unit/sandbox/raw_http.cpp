#include "raw_http.hpp"

#include "base/text.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace hallpass::test {

namespace {

struct bio_deleter {
    void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
};

struct context_deleter {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};

using bio_ptr = std::unique_ptr<BIO, bio_deleter>;
using context_ptr = std::unique_ptr<SSL_CTX, context_deleter>;

context_ptr trusting(const std::string& authority_pem) {
    context_ptr context(SSL_CTX_new(TLS_client_method()));
    const bio_ptr in(BIO_new_mem_buf(authority_pem.data(), static_cast<int>(authority_pem.size())));
    X509* authority = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr);
    if (authority == nullptr) {
        throw std::invalid_argument("the authority is no certificate");
    }
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), authority);
    X509_free(authority);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    X509_VERIFY_PARAM_set1_ip_asc(SSL_CTX_get0_param(context.get()), "127.0.0.1");
    return context;
}

bio_ptr connect(const raw_request& request) {
    bio_ptr socket(BIO_new(BIO_s_connect()));
    const std::size_t colon = request.address.rfind(':');
    BIO_ctrl(socket.get(), BIO_C_SET_CONNECT, 0, std::string(request.address.substr(0, colon)).data());
    BIO_ctrl(socket.get(), BIO_C_SET_CONNECT, 1, std::string(request.address.substr(colon + 1)).data());
    if (BIO_do_connect(socket.get()) != 1) {
        return nullptr;
    }
    if (request.authority_pem.empty()) {
        return socket;
    }
    const context_ptr context = trusting(request.authority_pem);
    bio_ptr tls(BIO_new_ssl(context.get(), 1));
    BIO_push(tls.get(), socket.release());
    return BIO_do_handshake(tls.get()) == 1 ? std::move(tls) : nullptr;
}

std::string text_of(const raw_request& request) {
    std::string text = request.method + ' ' + request.path + " HTTP/1.1\r\n";
    if (!request.headers.contains("Host")) {
        text += "Host: " + request.address + "\r\n";
    }
    for (const auto& [name, value] : request.headers) {
        text += name + ": " + value + "\r\n";
    }
    return text + "Connection: close\r\nContent-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" +
           request.body;
}

std::string read_all(BIO* from) {
    std::string all;
    std::array<char, 4096> some{};
    for (;;) {
        const int got = BIO_read(from, some.data(), static_cast<int>(some.size()));
        if (got <= 0) {
            return all;
        }
        all.append(some.data(), static_cast<std::size_t>(got));
    }
}

} // namespace

std::string raw_response::header(const std::string& name) const {
    for (const std::string& line : split(head, '\n')) {
        const std::size_t colon = line.find(':');
        if (colon != std::string::npos && lower_case(line.substr(0, colon)) == name) {
            return std::string(trimmed(line.substr(colon + 1)));
        }
    }
    return {};
}

std::optional<raw_response> send_raw(const raw_request& request) {
    const bio_ptr connection = connect(request);
    if (!connection) {
        return std::nullopt;
    }
    const std::string text = text_of(request);
    BIO_write(connection.get(), text.data(), static_cast<int>(text.size()));
    const std::string all = read_all(connection.get());
    const std::size_t end = all.find("\r\n\r\n");
    if (end == std::string::npos) {
        return std::nullopt;
    }
    raw_response response;
    response.head = all.substr(0, end);
    response.body = all.substr(end + 4);
    response.status = std::atoi(response.head.substr(response.head.find(' ') + 1, 3).c_str());
    return response;
}

} // namespace hallpass::test
