// Posts a third party's webhooks to where the command "callback" says: once each.
#pragma once

#include "sandbox/callback_poster.hpp"
#include "sandbox/refusal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace hallpass::sandbox {

class webhook_sender {
public:
    // `out` outlives it.
    webhook_sender(boost::asio::any_io_executor executor, ports::log& out);

    // The command: {"url", "ca_file"}.
    outcome<boost::json::value> set_target(const boost::json::object& command);

    // {"status", "ms", "body", "problem" where there is one}.
    boost::asio::awaitable<boost::json::object> deliver(ports::http_headers headers, std::string body);

    // Ends what is under way; to be awaited before the end.
    boost::asio::awaitable<void> close() { return poster_.close(); }

private:
    callback_poster poster_;
    std::string url_;
};

} // namespace hallpass::sandbox
