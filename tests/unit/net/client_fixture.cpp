#include "client_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace hallpass::test {

namespace asio = boost::asio;

client_fixture::client_fixture(net::client_options options)
    : client(net::make_http_client(context.get_executor(), std::move(options), log)) {}

void client_fixture::run(std::function<asio::awaitable<void>()> start) {
    context.restart(); // it stops whenever it has run out of work
    run_coroutine(context, std::move(start));
}

result<ports::http_response> client_fixture::send(ports::http_request request) {
    std::vector<ports::http_request> one;
    one.push_back(std::move(request));
    return send_together(std::move(one)).front();
}

std::vector<result<ports::http_response>>
client_fixture::send_together(std::vector<ports::http_request> requests) {
    std::vector<std::optional<result<ports::http_response>>> outcomes(requests.size());
    asio::steady_timer all_ended(context, asio::steady_timer::time_point::max());
    std::size_t left = requests.size();
    const auto one = [&](std::size_t index) -> asio::awaitable<void> {
        outcomes[index] = co_await client->send(requests[index]);
        if (--left == 0) {
            all_ended.cancel();
        }
    };
    run([&]() -> asio::awaitable<void> {
        for (std::size_t i = 0; i < requests.size(); ++i) {
            asio::co_spawn(context, one(i), [](std::exception_ptr thrown) {
                if (thrown) {
                    std::rethrow_exception(thrown);
                }
            });
        }
        // Those that end without waiting have ended already.
        if (left > 0) {
            co_await all_ended.async_wait(asio::as_tuple(asio::use_awaitable));
        }
    });
    std::vector<result<ports::http_response>> ended;
    for (auto& outcome : outcomes) {
        ended.push_back(std::move(*outcome));
    }
    return ended;
}

ports::http_request get(std::string url) {
    ports::http_request request(ports::http_method::get, std::move(url));
    request.repeatable = true;
    return request;
}

ports::http_request post(std::string url, std::string body) {
    ports::http_request request(ports::http_method::post, std::move(url));
    request.body = std::move(body);
    return request;
}

scripted_server::script always(std::string answer) {
    return [answer](std::unique_ptr<net::byte_stream> peer, int) -> asio::awaitable<void> {
        while (true) {
            const std::string asked = co_await read_until(*peer, "\r\n\r\n");
            if (asked.empty()) {
                co_return;
            }
            co_await peer->write(answer);
        }
    };
}

asio::awaitable<void> answer_each(std::unique_ptr<net::byte_stream> peer, std::vector<std::string> answers) {
    for (const std::string& answer : answers) {
        const std::string asked = co_await read_until(*peer, "\r\n\r\n");
        if (asked.empty()) {
            co_return;
        }
        co_await peer->write(answer);
    }
}

std::string ok(std::string_view body, std::string_view fields) {
    return "HTTP/1.1 200 OK\r\n" + std::string(fields) + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string(body);
}

std::string status(int code, std::string_view fields) {
    return "HTTP/1.1 " + std::to_string(code) + " S\r\n" + std::string(fields) + "Content-Length: 0\r\n\r\n";
}

} // namespace hallpass::test
