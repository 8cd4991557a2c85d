#include "app/callback_server.hpp"

#include "base/small_file.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::app {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_pem_bytes = std::size_t{256} * 1024;
constexpr std::size_t most_body_bytes = std::size_t{256} * 1024;
constexpr std::chrono::milliseconds between_looks = 30s;

result<std::optional<net::server_identity>> read_identity(const config::http_section& settings) {
    if (!settings.has_certificate()) {
        return std::optional<net::server_identity>();
    }
    result<std::string> chain = read_small_file(settings.https_cert_file, most_pem_bytes);
    if (!chain) {
        return chain.error().in("http.https_cert_file");
    }
    result<std::string> key = read_small_file(settings.https_key_file, most_pem_bytes);
    if (!key) {
        return key.error().in("http.https_key_file");
    }
    return std::optional(net::server_identity{std::move(*chain), secret(std::move(*key))});
}

bool is_same(const net::server_identity& one, const net::server_identity& other) {
    return one.certificate_chain_pem == other.certificate_chain_pem &&
           one.private_key_pem.reveal() == other.private_key_pem.reveal();
}

} // namespace

callback_server::callback_server(process& owner)
    : owner_(&owner),
      look_again_(owner.clock.make_alarm()),
      patience_(owner.clock.make_alarm()),
      tasks_(owner.context.get_executor(), owner.log),
      limits_(owner.context.get_executor(), owner.log) {}

result<void>
callback_server::prepare(const config::http_section& wanted, std::vector<ports::callback_route> routes) {
    prepared made;
    made.settings = wanted;
    made.routes = std::move(routes);
    if (!made.routes.empty()) {
        if (const std::string_view why = wanted.why_unusable(); !why.empty()) {
            return fault(fault_kind::permanent, "http: " + std::string(why));
        }
        auto identity = read_identity(wanted);
        if (!identity) {
            return identity.error();
        }
        made.identity = std::move(*identity);
        const bool stays = server_ && wanted.listen_addr == settings_.listen_addr &&
                           made.identity.has_value() == identity_.has_value();
        if (!stays) {
            auto fresh = listen(made);
            if (!fresh) {
                return fresh.error().in("http");
            }
            made.fresh = std::move(*fresh);
        }
    }
    next_ = std::move(made);
    return {};
}

result<std::shared_ptr<net::http_server>> callback_server::listen(const prepared& with) {
    net::server_options options;
    options.listen = with.settings.listen_addr;
    options.tls = with.identity;
    options.max_body_bytes = most_body_bytes;
    auto made = net::listen_http(
        owner_->context.get_executor(), std::move(options),
        [this](net::server_request request) { return answer(std::move(request)); }, owner_->log
    );
    if (!made) {
        return made.error();
    }
    return std::shared_ptr<net::http_server>(std::move(*made));
}

void callback_server::commit() {
    if (!next_) {
        return;
    }
    prepared now = std::move(*next_);
    next_.reset();
    routes_ = std::move(now.routes);
    settings_ = std::move(now.settings);
    if (server_ && (now.fresh || routes_.empty())) {
        server_->close();
        server_.reset();
    }
    identity_ = std::move(now.identity);
    if (now.fresh) {
        server_ = std::move(now.fresh);
        owner_->log.info("listening", {{"address", server_->address()}, {"tls", identity_ ? "yes" : "no"}});
        tasks_.spawn("callback server", serve(server_));
    } else if (server_ && identity_) {
        const result<void> renewed = server_->renew(*identity_);
        if (!renewed) {
            owner_->log.error("certificate_not_renewed", {{"error", renewed.error().text()}});
        }
    }
    if (identity_ && !std::exchange(following_, true)) {
        tasks_.spawn("certificate", follow_certificate());
    }
}

void callback_server::abandon() noexcept {
    next_.reset();
}

std::string callback_server::address() const {
    return server_ ? server_->address() : std::string();
}

void callback_server::stop_listening() {
    closing_ = true;
    if (server_) {
        server_->close();
    }
    look_again_->wake();
}

asio::awaitable<void> callback_server::close() {
    stop_listening();
    limits_.spawn("hurry", hurry());
    co_await tasks_.join();
    patience_->wake();
    co_await limits_.join();
}

// Who reads an answer slowly doesn't hold up the end.
asio::awaitable<void> callback_server::hurry() {
    const bool late = co_await patience_->wait(1s);
    if (late) {
        tasks_.cancel();
    }
}

asio::awaitable<void> callback_server::serve(std::shared_ptr<net::http_server> server) {
    co_await server->serve();
}

// Certificates are renewed by others, who needn't tell us.
asio::awaitable<void> callback_server::follow_certificate() {
    while (!closing_) {
        co_await look_again_->wait(between_looks);
        if (!closing_ && server_ && identity_) {
            renew_certificate();
        }
    }
}

void callback_server::renew_certificate() {
    auto read = read_identity(settings_);
    std::optional<fault> failed;
    if (!read) {
        failed = read.error();
    } else if (*read && !is_same(**read, *identity_)) {
        const result<void> renewed = server_->renew(**read);
        if (renewed) {
            identity_ = std::move(*read);
            owner_->log.info("certificate_renewed", {{"file", settings_.https_cert_file}});
        } else {
            failed = renewed.error();
        }
    }
    if (failed) {
        owner_->log.warning(
            "certificate_not_renewed", {{"error", failed->text()}, {"until_then", "the old one"}}
        );
    }
}

asio::awaitable<net::server_response> callback_server::answer(net::server_request request) {
    const auto found =
        std::find_if(routes_.begin(), routes_.end(), [&request](const ports::callback_route& one) {
            return one.pages ? request.path.starts_with(one.path) : one.path == request.path;
        });
    if (found == routes_.end()) {
        co_return net::text_response(404, "nothing here\n");
    }
    const bool gets = found->pages && request.method == "GET";
    if (request.method != "POST" && !gets) {
        const std::string allowed = found->pages ? "GET, POST" : "POST";
        net::server_response refused = net::text_response(405, "only " + allowed + "\n");
        refused.headers.emplace_back("Allow", allowed);
        co_return refused;
    }
    // A reload may replace the routes meanwhile.
    const auto answer = found->answer;
    ports::callback_request asked;
    asked.method = gets ? ports::http_method::get : ports::http_method::post;
    asked.path = std::move(request.path);
    asked.query = std::move(request.query);
    asked.headers = std::move(request.headers);
    asked.body = std::move(request.body);
    ports::callback_response given = co_await answer(std::move(asked));
    net::server_response response(given.status, std::move(given.body));
    response.headers = std::move(given.headers);
    co_return response;
}

} // namespace hallpass::app
