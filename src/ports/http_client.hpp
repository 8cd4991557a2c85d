// Calls to third parties over HTTP, without a word of how.
#pragma once

#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hallpass::ports {

enum class http_method { get, post, put, patch, delete_ };

// "GET".
std::string_view to_string(http_method method) noexcept;

using http_headers = std::vector<std::pair<std::string, std::string>>;

// The value of the first header of that name in any case, or "".
std::string_view find_header(const http_headers& headers, std::string_view name) noexcept;

// One of the things that a third party counts a call under.
struct pace_key {
    std::string name;
    // Between two calls, from the start and whatever the third party would take; 0: as fast as it takes them.
    std::chrono::nanoseconds least_interval{0};

    bool operator==(const pace_key&) const = default;
};

struct http_request {
    http_request() = default;

    http_request(http_method method, std::string url) : method(method), url(std::move(url)) {}

    http_method method = http_method::get;
    std::string url; // absolute; its path is logged, unless `logged_as` is set
    // Stands in logs and faults where the path would, because that holds a secret.
    std::string logged_as;
    http_headers headers;
    std::string body;
    // The whole call: waiting for its turn, connecting, retries and reading the answer included.
    std::chrono::milliseconds deadline = std::chrono::seconds(10);
    // True where doing it twice does no harm. Only then is a call repeated whose answer was lost.
    bool repeatable = false;
    // What the third party counts this call under, widest first: {"chat.postMessage", "chat.postMessage
    // C0123"}. A 429 or a rate header slows down the last of them; where several of those are refused that
    // have gone slowly, the one before it.
    std::vector<pace_key> pace_keys;
    std::size_t max_response_bytes = 1024 * 1024;
};

struct http_response {
    int status = 0;
    http_headers headers;
    std::string body;

    // The first header of that name in any case, or "".
    std::string_view header(std::string_view name) const noexcept;
};

class http_client {
public:
    virtual ~http_client() = default;

    // An HTTP status is an answer, not a fault: also 4xx and 5xx come back as responses, once the retries
    // that are safe have been made. Faults: transient (uncertain() says whether the other side may have
    // acted), rate_limited (it wants us to wait beyond the deadline), malformed, cancelled.
    virtual boost::asio::awaitable<result<http_response>> send(http_request request) = 0;
};

} // namespace hallpass::ports
