#include "net/websocket_client.hpp"

#include "net/dialler.hpp"
#include "net/encode.hpp"
#include "net/websocket.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::net {

namespace asio = boost::asio;

namespace {

// Both spellings name the same addresses and ports.
std::string as_http(std::string url) {
    if (url.starts_with("wss:") || url.starts_with("ws:")) {
        url.replace(0, 2, "http");
    }
    return url;
}

class dialling_client final : public ports::websocket_client {
public:
    dialling_client(asio::any_io_executor executor, const client_options& options)
        : executor_(executor),
          dial_(std::move(executor), options.proxies, options.extra_authorities_pem, options.look_up) {}

    asio::awaitable<result<std::unique_ptr<ports::websocket>>> open(ports::websocket_request request
    ) override {
        const auto deadline = std::chrono::steady_clock::now() + request.deadline;
        const auto target = parse_url(as_http(std::move(request.url)));
        if (!target) {
            co_return target.error();
        }
        const bool bad = std::any_of(request.headers.begin(), request.headers.end(), [](const auto& field) {
            return !is_valid_field(field.first, field.second);
        });
        if (bad) {
            co_return fault(fault_kind::malformed, "a header has a control character in its name or value");
        }
        auto stream = co_await dial_.dial(*target, deadline);
        if (!stream) {
            co_return stream.error();
        }
        websocket_greeting greeting;
        greeting.host = target->authority;
        greeting.target = target->target;
        greeting.headers = std::move(request.headers);
        greeting.deadline = deadline;
        greeting.max_message_bytes = request.max_message_bytes;
        auto opened = co_await greet_websocket(executor_, std::move(*stream), std::move(greeting));
        if (!opened) {
            co_return opened.error().in(target->host);
        }
        co_return opened;
    }

private:
    asio::any_io_executor executor_;
    dialler dial_;
};

} // namespace

std::unique_ptr<ports::websocket_client>
make_websocket_client(asio::any_io_executor executor, const client_options& options) {
    return std::make_unique<dialling_client>(std::move(executor), options);
}

} // namespace hallpass::net
