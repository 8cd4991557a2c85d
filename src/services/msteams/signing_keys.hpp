// The keys by which Microsoft signs its calls, as its OpenID document names them (api-messaging 4.5).
#pragma once

#include "ports/http_client.hpp"
#include "services/published_keys.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>

namespace hallpass::services::msteams {

// Kept for a day; when they can't be asked for, those of at most five days ago count.
class signing_keys {
public:
    // What it is made with outlives it. `base` ends with "/"; `issuer` is whose document must be there.
    signing_keys(ports::http_client& http, ports::clock& time, std::string base, std::string issuer);

    // As published_keys.
    boost::asio::awaitable<result<std::shared_ptr<const published_key>>>
    find(std::string id, std::string algorithm, std::chrono::milliseconds at_most);

private:
    boost::asio::awaitable<result<std::string>> get_document(std::chrono::milliseconds at_most);
    boost::asio::awaitable<result<std::string>> get(std::string url, std::chrono::milliseconds at_most);

    ports::http_client& http_;
    ports::clock& time_;
    std::string base_;
    std::string issuer_;
    published_keys keys_;
};

} // namespace hallpass::services::msteams
