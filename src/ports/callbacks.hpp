// Calls that a third party makes to us, without a word of how they come.
#pragma once

#include "ports/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::ports {

// Nothing of it is verified. Its size has a bound, its encoding hasn't been looked at.
struct callback_request {
    callback_request() = default;

    http_method method = http_method::post;
    std::string path;  // decoded
    std::string query; // as sent, without the "?"
    http_headers headers;
    std::string body; // as sent, to the byte: signatures are over it

    // The first header of that name in any case, or "".
    std::string_view header(std::string_view name) const noexcept { return find_header(headers, name); }
};

using callback_response = http_response;

// A POST to a path of the public listener. What it refuses it answers alike, with refused_callback().
struct callback_route {
    std::string path; // "/slack/interactivity"
    std::function<boost::asio::awaitable<callback_response>(callback_request)> answer;
    // Pages for people: GET too, and every path that begins with this one ("/review/").
    bool pages = false;
};

// One and the same for whoever can't prove who they are: 401, without a word of what was wrong.
callback_response refused_callback();

} // namespace hallpass::ports
