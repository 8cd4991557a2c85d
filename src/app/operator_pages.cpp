#include "app/operator_pages.hpp"

#include <utility>

namespace hallpass::app {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_connections = 32;

} // namespace

operator_pages::operator_pages(process& owner)
    : owner_(&owner), tasks_(owner.context.get_executor(), owner.log) {}

void operator_pages::add(std::string path, page make) {
    pages_[std::move(path)] = std::move(make);
}

result<void> operator_pages::listen(const std::string& address) {
    net::server_options options;
    options.listen = address;
    options.max_body_bytes = 0;
    options.max_connections = most_connections;
    auto made = net::listen_http(
        owner_->context.get_executor(), std::move(options),
        [this](net::server_request request) { return answer(std::move(request)); }, owner_->log
    );
    if (!made) {
        return made.error();
    }
    server_ = std::move(*made);
    tasks_.spawn("operator pages", serve(server_));
    return {};
}

asio::awaitable<void> operator_pages::close() {
    if (server_) {
        server_->close();
    }
    tasks_.cancel();
    co_await tasks_.join();
}

asio::awaitable<void> operator_pages::serve(std::shared_ptr<net::http_server> server) {
    co_await server->serve();
}

asio::awaitable<net::server_response> operator_pages::answer(net::server_request request) {
    const auto found = pages_.find(request.path);
    if (found == pages_.end()) {
        co_return net::text_response(404, "no such page\n");
    }
    if (request.method != "GET" && request.method != "HEAD") {
        net::server_response refused = net::text_response(405, "only GET and HEAD\n");
        refused.headers.emplace_back("Allow", "GET, HEAD");
        co_return refused;
    }
    co_return found->second();
}

} // namespace hallpass::app
