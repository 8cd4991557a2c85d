// A client of ours, and calls that run to their end on one io_context.
#pragma once

#include "captured_log.hpp"
#include "net/http_client.hpp"
#include "peers.hpp"
#include "support/run_coroutine.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::test {

struct client_fixture {
    explicit client_fixture(net::client_options options = {});

    void run(std::function<boost::asio::awaitable<void>()> start);

    // One call, to its end.
    result<ports::http_response> send(ports::http_request request);
    // All at the same time, in this order.
    std::vector<result<ports::http_response>> send_together(std::vector<ports::http_request> requests);

    boost::asio::io_context context;
    captured_log log;
    std::unique_ptr<net::client> client;
};

ports::http_request get(std::string url);
ports::http_request post(std::string url, std::string body = "x");

// Answers every request on every connection with these bytes, until the peer closes.
scripted_server::script always(std::string answer);
// Answers the requests of one connection in turn, one read each, then closes.
boost::asio::awaitable<void>
answer_each(std::unique_ptr<net::byte_stream> peer, std::vector<std::string> answers);

std::string ok(std::string_view body = "ok", std::string_view fields = "");
std::string status(int code, std::string_view fields = "");

} // namespace hallpass::test
