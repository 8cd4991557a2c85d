#include "sandbox/discord_callback.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace hallpass::sandbox {

using namespace std::chrono_literals;

namespace {

std::string timestamp_before(std::chrono::seconds age) {
    const auto at = std::chrono::system_clock::now() - age;
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
}

} // namespace

discord_callback::discord_callback(
    boost::asio::any_io_executor executor, discord_gateway& gateway, ports::log& out
)
    : executor_(std::move(executor)), gateway_(gateway), out_(out) {}

void discord_callback::set_target(std::string url, const std::string& authorities_pem) {
    url_ = std::move(url);
    net::client_options options;
    if (!authorities_pem.empty()) {
        options.extra_authorities_pem = {authorities_pem};
    }
    // Discord does not try again, and a connection of a hallpass that has ended since must not be used.
    options.max_attempts = 1;
    options.idle_timeout = 1ms;
    client_ = net::make_http_client(executor_, std::move(options), out_);
}

ports::http_request discord_callback::signed_request(const discord_delivery& delivery) const {
    ports::http_request request(ports::http_method::post, url_);
    request.body = boost::json::serialize(delivery.payload);
    const std::string timestamp = timestamp_before(delivery.age);
    const discord_signing_key& key = delivery.forged ? other_key_ : key_;
    request.headers = {
        {"Content-Type", "application/json"},
        {"User-Agent", "Discord-Interactions/1.0 (+https://discord.com)"},
        {"X-Signature-Timestamp", timestamp},
        {"X-Signature-Ed25519", key.sign(timestamp, request.body)}};
    request.deadline = delivery.deadline;
    return request;
}

boost::asio::awaitable<discord_delivered> discord_callback::send(discord_delivery delivery) {
    discord_delivered told;
    if (!client_) {
        told.problem = "no callback is set; use --discord-callback or POST /discord/callback";
        co_return told;
    }
    // A new target may come meanwhile.
    const std::shared_ptr<net::client> client = client_;
    const ports::http_request request = signed_request(delivery);
    const auto began = std::chrono::steady_clock::now();
    ports::http_request first = request;
    const result<ports::http_response> got = co_await client->send(std::move(first));
    told.took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    if (!got) {
        told.problem = got.error().text();
        co_return told;
    }
    told.status = got->status;
    told.body = got->body;
    if (delivery.twice) {
        ports::http_request second = request;
        const result<ports::http_response> repeated = co_await client->send(std::move(second));
        told.again = repeated ? repeated->status : 0;
    }
    co_return told;
}

boost::asio::awaitable<void> discord_callback::close() {
    const std::shared_ptr<net::client> client = client_;
    if (client) {
        co_await client->close();
    }
}

} // namespace hallpass::sandbox
