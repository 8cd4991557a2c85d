#include "sandbox/discord_callback.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace hallpass::sandbox {

namespace {

std::string timestamp_before(std::chrono::seconds age) {
    const auto at = std::chrono::system_clock::now() - age;
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
}

} // namespace

discord_callback::discord_callback(
    boost::asio::any_io_executor executor, discord_gateway& gateway, ports::log& out
)
    : gateway_(gateway), poster_(std::move(executor), out) {}

void discord_callback::set_target(std::string url, const std::string& authorities_pem) {
    url_ = std::move(url);
    poster_.trust(authorities_pem);
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
    if (url_.empty()) {
        told.problem = "no callback is set; use --discord-callback or POST /discord/callback";
        co_return told;
    }
    const ports::http_request request = signed_request(delivery);
    ports::http_request first = request;
    posted_answer given = co_await poster_.post(std::move(first));
    told.status = given.status;
    told.body = std::move(given.body);
    told.problem = std::move(given.problem);
    told.took = given.took;
    if (delivery.twice && told.status != 0) {
        ports::http_request second = request;
        const posted_answer repeated = co_await poster_.post(std::move(second));
        told.again = repeated.status;
    }
    co_return told;
}

} // namespace hallpass::sandbox
