#include "net/http_server.hpp"
#include "net/unix_call.hpp"
#include "peers.hpp"
#include "support/run_coroutine.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <sys/stat.h>

namespace hallpass::net {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<server_response> tell(server_request request) {
    if (request.path == "/large") {
        co_return server_response(200, std::string(100'000, 'x'));
    }
    if (request.path == "/drop") {
        server_response dropped;
        dropped.drop_connection = true;
        co_return dropped;
    }
    co_return server_response(200, request.path + " for " + request.peer);
}

server_options at(const std::string& path) {
    server_options options;
    options.listen = "unix:" + path;
    return options;
}

unix_get get(const std::string& path, std::string target) {
    unix_get call;
    call.socket = path;
    call.target = std::move(target);
    call.max_response_bytes = 50'000;
    return call;
}

// What one call over the socket says, with the server running.
std::string said(const std::string& path, const std::string& target) {
    asio::io_context context;
    test::running_server server(context, at(path), tell);
    std::string answer;
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        const auto outcome = co_await get_over_unix(context.get_executor(), get(path, target));
        answer = outcome ? outcome->body : outcome.error().text();
        co_await server.stop();
    });
    return answer;
}

result<std::unique_ptr<http_server>> listen_at(asio::io_context& context, const std::string& address) {
    static test::captured_log out;
    server_options options;
    options.listen = address;
    return listen_http(context.get_executor(), std::move(options), tell, out);
}

fault call_fails(const std::string& path, std::chrono::milliseconds deadline = 5s) {
    asio::io_context context;
    fault failed;
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        unix_get call = get(path, "/");
        call.deadline = deadline;
        const auto outcome = co_await get_over_unix(context.get_executor(), std::move(call));
        failed = outcome.error();
    });
    return failed;
}

} // namespace

TEST_CASE("a server on a Unix socket answers, and its name goes with it") {
    const test::temp_dir folder;
    const std::string path = folder.file("it.sock");
    CHECK(said(path, "/a") == "/a for unix");
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(said(path, "/b") == "/b for unix");
}

TEST_CASE("a Unix socket is its owner's alone") {
    const test::temp_dir folder;
    const std::string path = folder.file("it.sock");
    asio::io_context context;
    const auto server = listen_at(context, "unix:" + path);
    REQUIRE(server.has_value());
    CHECK((*server)->address() == "unix:" + path);

    struct ::stat about {};

    REQUIRE(::stat(path.c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == 0600);
}

TEST_CASE("what can't be a Unix socket is refused in one line") {
    const test::temp_dir folder;
    asio::io_context context;
    const auto taken = listen_at(context, "unix:" + folder.write("file", "precious"));
    CHECK(taken.error().text().ends_with("Address already in use"));
    CHECK(test::read_file(folder.file("file")) == "precious");
    CHECK(listen_at(context, "unix:relative").error().text().find("absolute path") != std::string::npos);
    const auto long_path = listen_at(context, "unix:" + folder.file(std::string(120, 'x')));
    CHECK(long_path.error().text().ends_with("more than 107 bytes"));
}

TEST_CASE("an answer over a Unix socket is bounded in size, and a broken one is a fault") {
    const test::temp_dir folder;
    const std::string path = folder.file("it.sock");
    CHECK(said(path, "/large").find("larger than 50000 bytes") != std::string::npos);
    CHECK(said(path, "/drop").find("closed without an answer") != std::string::npos);
}

TEST_CASE("a Unix socket without a server is told from one that is silent") {
    const test::temp_dir folder;
    const std::string path = folder.file("it.sock");
    CHECK(call_fails(path).kind() == fault_kind::not_found);
    CHECK(call_fails(folder.file(std::string(200, 'x'))).kind() == fault_kind::transient);
    asio::io_context asleep; // listens, and nobody runs it
    {
        const auto server = listen_at(asleep, "unix:" + path);
        REQUIRE(server.has_value());
        const fault late = call_fails(path, 50ms);
        CHECK(late.kind() == fault_kind::transient);
        CHECK(late.text() == path + ": no whole answer within 50 ms");
    }
    folder.write("plain", "");
    CHECK(call_fails(folder.file("plain")).kind() == fault_kind::not_found);
}

} // namespace hallpass::net
