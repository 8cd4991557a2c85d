// A person's browser, as far as it takes to follow the link of a letter: redirections, cookies, one form.
#pragma once

#include "sandbox/callback_poster.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <string>

namespace hallpass::sandbox {

class browser {
public:
    explicit browser(callback_poster& calls) : calls_(calls) {}

    // Opens the link, logs in as `user`, and sends the form with `values`, which say the verdict. Ends early
    // at the first page without a form. {"status", "page", "steps": [[URL without its query, status]]}
    boost::asio::awaitable<boost::json::object>
    follow(std::string link, std::string user, std::map<std::string, std::string> values);

private:
    boost::asio::awaitable<posted_answer> go(ports::http_request request);

    callback_poster& calls_;
    std::map<std::string, std::string> cookies_; // all of them are for hallpass
    boost::json::object told_;
};

} // namespace hallpass::sandbox
