// The calls by which a connection begins.
#pragma once

#include "access/access_request.hpp"
#include "access/card.hpp"
#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::teleport {

class session;

struct greeting {
    access::cluster cluster;
    std::string server_version;
};

// Ping. unsupported where the server is too old.
boost::asio::awaitable<result<greeting>> greet(std::shared_ptr<session> on, std::chrono::milliseconds limit);

// Every pending request.
boost::asio::awaitable<result<std::vector<access::access_request>>>
list_pending(std::shared_ptr<session> on, std::chrono::milliseconds limit);

// "https://host[:port]" of the proxy's public address, without the default port (upstream-messaging 1.2).
std::string to_web_url(const std::string& proxy_address);

} // namespace hallpass::teleport
