#include "net/listener.hpp"

#include "net/listen_address.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace hallpass::net {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using local = asio::local::stream_protocol;

constexpr std::string_view unix_scheme = "unix:";
constexpr std::size_t longest_unix_path = 107; // sockaddr_un, without the zero at its end

class tcp_listener final : public listener {
public:
    tcp_listener(tcp::acceptor acceptor, tls_context tls)
        : acceptor_(std::move(acceptor)),
          address_(to_text(acceptor_.local_endpoint())),
          tls_(std::move(tls)) {}

    std::string address() const override { return address_; }

    asio::awaitable<accepted> accept() override {
        auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        accepted one;
        one.error = error;
        boost::system::error_code gone;
        const tcp::endpoint remote = error ? tcp::endpoint() : socket.remote_endpoint(gone);
        if (error || gone) {
            co_return one;
        }
        one.peer = to_text(remote);
        if (tls_) {
            std::unique_ptr<tls_stream> made = make_server_tls_stream(std::move(socket), tls_);
            one.secured = made.get();
            one.stream = std::move(made);
        } else {
            one.stream = make_plain_stream(std::move(socket));
        }
        co_return one;
    }

    void renew(tls_context tls) noexcept override {
        if (tls_) {
            tls_ = std::move(tls);
        }
    }

    void close() noexcept override {
        boost::system::error_code ignored; // closing twice is allowed
        acceptor_.close(ignored);
    }

private:
    tcp::acceptor acceptor_;
    std::string address_;
    tls_context tls_;
};

class unix_listener final : public listener {
public:
    unix_listener(local::acceptor acceptor, std::string path)
        : acceptor_(std::move(acceptor)), path_(std::move(path)) {}

    unix_listener(const unix_listener&) = delete;
    unix_listener& operator=(const unix_listener&) = delete;

    ~unix_listener() override { close(); }

    std::string address() const override { return std::string(unix_scheme) + path_; }

    asio::awaitable<accepted> accept() override {
        auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        accepted one;
        one.error = error;
        if (!error) {
            one.peer = "unix";
            one.stream = make_unix_stream(std::move(socket));
        }
        co_return one;
    }

    void renew(tls_context) noexcept override {}

    void close() noexcept override {
        if (!acceptor_.is_open()) {
            return;
        }
        ::unlink(path_.c_str());           // where somebody else has taken it away, all the better
        boost::system::error_code ignored; // close() releases the descriptor even where it reports an error
        acceptor_.close(ignored);
    }

private:
    local::acceptor acceptor_;
    std::string path_;
};

result<std::unique_ptr<listener>> open_unix(const asio::any_io_executor& executor, const std::string& path) {
    const auto refused = [&](const std::string& why) {
        return fault(fault_kind::permanent, "can't listen on \"unix:" + path + "\": " + why);
    };
    if (!path.starts_with('/')) {
        return refused("write it as unix:/path, with an absolute path");
    }
    if (path.size() > longest_unix_path) {
        return refused("the path has more than " + std::to_string(longest_unix_path) + " bytes");
    }
    boost::system::error_code error;
    local::acceptor acceptor(executor);
    acceptor.open(local(), error);
    // Linux gives the name the mode that the socket has before it: nobody else gets in, not even for a
    // moment.
    if (!error && ::fchmod(acceptor.native_handle(), S_IRUSR | S_IWUSR) != 0) {
        return refused(std::generic_category().message(errno));
    }
    if (!error) {
        acceptor.bind(local::endpoint(path), error);
    }
    if (!error) {
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error) {
        return refused(error.message());
    }
    return std::unique_ptr<listener>(std::make_unique<unix_listener>(std::move(acceptor), path));
}

} // namespace

result<std::unique_ptr<listener>>
open_listener(const asio::any_io_executor& executor, const std::string& address, tls_context tls) {
    if (address.starts_with(unix_scheme)) {
        return open_unix(executor, address.substr(unix_scheme.size()));
    }
    auto acceptor = listen_on(executor, address);
    if (!acceptor) {
        return acceptor.error();
    }
    return std::unique_ptr<listener>(std::make_unique<tcp_listener>(std::move(*acceptor), std::move(tls)));
}

} // namespace hallpass::net
