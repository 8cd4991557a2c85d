#include "unit/teleport/raw_peers.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <optional>
#include <sys/socket.h>
#include <thread>
#include <utility>

namespace hallpass::test {

namespace ssl = boost::asio::ssl;
using boost::asio::ip::tcp;

namespace {

template <class Stream>
void answer(Stream& stream, const std::string& bytes) {
    boost::system::error_code lost;
    boost::asio::write(stream, boost::asio::buffer(bytes), lost);
    char sink[512];
    while (!lost) {
        stream.read_some(boost::asio::buffer(sink), lost);
    }
}

int choose_protocol(
    SSL*, const unsigned char** out, unsigned char* length, const unsigned char*, unsigned, void* protocol
) {
    const auto& name = *static_cast<const std::string*>(protocol);
    if (name.empty()) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *out = reinterpret_cast<const unsigned char*>(name.data());
    *length = static_cast<unsigned char>(name.size());
    return SSL_TLSEXT_ERR_OK;
}

} // namespace

struct raw_peer::parts {
    explicit parts(std::string said)
        : bytes(std::move(said)),
          acceptor(context, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {}

    std::string bytes;
    std::string protocol;
    boost::asio::io_context context;
    tcp::acceptor acceptor;
    std::optional<ssl::context> tls;
    std::thread thread;
};

raw_peer::raw_peer(std::string bytes) : parts_(std::make_unique<parts>(std::move(bytes))) {
    parts_->thread = std::thread([this] { serve(); });
}

raw_peer::raw_peer(const pki::pair& own, std::string client_ca, std::string protocol, std::string bytes)
    : parts_(std::make_unique<parts>(std::move(bytes))) {
    parts_->protocol = std::move(protocol);
    ssl::context& tls = parts_->tls.emplace(ssl::context::tlsv13_server);
    tls.use_certificate_chain(boost::asio::buffer(own.certificate));
    tls.use_private_key(boost::asio::buffer(own.key), ssl::context::pem);
    SSL_CTX_set_alpn_select_cb(tls.native_handle(), choose_protocol, &parts_->protocol);
    if (!client_ca.empty()) {
        tls.add_certificate_authority(boost::asio::buffer(client_ca));
        tls.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
    }
    parts_->thread = std::thread([this] { serve(); });
}

raw_peer::~raw_peer() {
    ::shutdown(parts_->acceptor.native_handle(), SHUT_RDWR); // ends the blocking accept
    parts_->thread.join();
}

std::string raw_peer::address() const {
    return "127.0.0.1:" + std::to_string(parts_->acceptor.local_endpoint().port());
}

void raw_peer::serve() {
    boost::system::error_code error;
    while (!error) {
        tcp::socket socket(parts_->context);
        parts_->acceptor.accept(socket, error);
        if (error) {
            return;
        }
        if (!parts_->tls) {
            answer(socket, parts_->bytes);
            continue;
        }
        ssl::stream<tcp::socket> stream(std::move(socket), *parts_->tls);
        boost::system::error_code refused;
        stream.handshake(ssl::stream_base::server, refused);
        if (!refused) {
            answer(stream, parts_->bytes);
        }
    }
}

} // namespace hallpass::test
