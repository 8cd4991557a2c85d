#include "net/http_server.hpp"
#include "raw_http.hpp"
#include "sandbox/simulated_services.hpp"
#include "sandbox/stderr_log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <thread>
#include <vector>

using namespace hallpass;
using namespace hallpass::sandbox;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

class scratch_directory {
public:
    scratch_directory() {
        path_ = (std::filesystem::temp_directory_path() / "hallpass-test-XXXXXX").string();
        if (::mkdtemp(path_.data()) == nullptr) {
            throw std::runtime_error("no temporary directory");
        }
    }

    ~scratch_directory() { std::filesystem::remove_all(path_); }

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

std::string content_of(const std::string& path) {
    std::ifstream in(path);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string between(const std::string& text, const std::string& before, char end) {
    const std::size_t from = text.find(before) + before.size();
    return text.substr(from, text.find(end, from) - from);
}

struct fixture {
    scratch_directory files;
    stderr_log out;
    std::unique_ptr<simulated_services> world = make();

    std::unique_ptr<simulated_services> make() {
        sandbox_options options;
        options.directory = files.path();
        return simulated_services::start(std::move(options), out).value();
    }

    test::raw_request slack_request(const std::string& method, const json::object& arguments) {
        test::raw_request request;
        request.address = between(world->addresses().slack, "https://", '/');
        request.method = "POST";
        request.path = "/api/" + method;
        request.headers = {
            {"Authorization", "Bearer xoxb-sandbox-token"},
            {"Content-Type", "application/json; charset=utf-8"}};
        request.body = json::serialize(arguments);
        request.authority_pem = content_of(files.path() + "/ca.pem");
        return request;
    }

    std::optional<test::raw_response>
    post(const std::string& text, const std::string& channel = "C0ACCESS01") {
        return test::send_raw(slack_request("chat.postMessage", {{"channel", channel}, {"text", text}}));
    }

    test::raw_request
    control_request(const std::string& method, const std::string& path, const json::object& body = {}) {
        test::raw_request request;
        request.address = between(world->addresses().page, "http://", '/');
        request.method = method;
        request.path = path;
        request.body = body.empty() ? "" : json::serialize(body);
        return request;
    }

    json::value control(const std::string& method, const std::string& path, const json::object& body = {}) {
        const auto response = test::send_raw(control_request(method, path, body));
        REQUIRE(response);
        REQUIRE_MESSAGE(response->status == 200, response->body);
        return json::parse(response->body);
    }

    std::size_t messages(const std::string& channel = "C0ACCESS01") {
        return world->slack().channel(channel)->messages.size();
    }
};

} // namespace

TEST_CASE_FIXTURE(fixture, "the files of a sandbox name its addresses") {
    const json::value ready = json::parse(content_of(files.path() + "/ready.json"));
    CHECK(ready.at("page").as_string() == world->addresses().page);
    CHECK(ready.at("grpc").as_string() == world->addresses().auth);
    CHECK(content_of(files.path() + "/hallpass.toml").find(world->addresses().slack) != std::string::npos);
    const auto mode = std::filesystem::status(files.path() + "/identity").permissions();
    CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE_FIXTURE(fixture, "Slack takes JSON and forms over TLS") {
    const auto by_json = post("one");
    REQUIRE(by_json);
    CHECK(json::parse(by_json->body).at("ok").as_bool());
    test::raw_request form = slack_request("chat.postMessage", {});
    form.headers["Content-Type"] = "application/x-www-form-urlencoded";
    form.body = "channel=C0ACCESS01&text=two+words";
    const auto by_form = test::send_raw(form);
    REQUIRE(by_form);
    CHECK(json::parse(by_form->body).at("message").at("text").as_string() == "two words");
    CHECK(messages() == 2);
}

TEST_CASE_FIXTURE(fixture, "over the rate limit Slack answers 429 with Retry-After, for that channel only") {
    control(
        "POST", "/rate-limit", {{"method", "chat.postMessage"}, {"per_second", 0.2}, {"per_channel", true}}
    );
    CHECK(post("one")->status == 200);
    const auto limited = post("two");
    REQUIRE(limited);
    CHECK(limited->status == 429);
    CHECK(limited->header("retry-after") == "5");
    CHECK(post("three", "C0DBA00001")->status == 200);
    CHECK(messages() == 1);
}

TEST_CASE_FIXTURE(fixture, "Slack can lose an answer after having done the work") {
    control("POST", "/lose", {{"method", "chat.postMessage"}, {"n", 1}});
    CHECK_FALSE(post("one").has_value());
    CHECK(messages() == 1);
    CHECK(post("two").has_value());
}

TEST_CASE_FIXTURE(fixture, "Slack refuses and babbles as asked for") {
    control("POST", "/fail", {{"method", "chat.postMessage"}, {"code", "fatal_error"}});
    CHECK(json::parse(post("x")->body).at("error").as_string() == "fatal_error");
    control("POST", "/fail", {{"method", "chat.postMessage"}, {"status", 503}});
    CHECK(post("x")->status == 503);
    CHECK(messages() == 0);
    control("POST", "/garbage", {{"side", "slack"}});
    boost::system::error_code error;
    json::parse(post("x")->body, error);
    CHECK(error.failed());
}

TEST_CASE_FIXTURE(fixture, "Slack goes down and comes up at the same address") {
    control("POST", "/down", {{"side", "slack"}});
    CHECK_FALSE(post("x").has_value());
    CHECK_FALSE(control("GET", "/state").at("slack").at("up").as_bool());
    control("POST", "/down", {{"side", "slack"}, {"down", false}});
    CHECK(post("x").has_value());
}

TEST_CASE_FIXTURE(fixture, "a request's life is driven over the control port") {
    const auto made =
        control("POST", "/requests", {{"user", "alice@example.com"}, {"roles", {"dba"}}, {"n", 2}});
    REQUIRE(made.at("ids").as_array().size() == 2);
    const std::string id(made.at("ids").at(0).as_string());
    const auto reviewed =
        control("POST", "/requests/" + id + "/review", {{"author", "bob"}, {"state", "APPROVED"}});
    CHECK(reviewed.at("state").as_string() == "APPROVED");
    control("DELETE", "/requests/" + id);
    CHECK(control("GET", "/requests").as_array().size() == 1);
    CHECK(test::send_raw(control_request("DELETE", "/requests/" + id))->status == 404);
    CHECK(test::send_raw(control_request("POST", "/requests", {{"user", ""}}))->status == 400);
    control("POST", "/reset");
    CHECK(control("GET", "/requests").as_array().empty());
}

TEST_CASE_FIXTURE(fixture, "many requests are driven by one command") {
    const auto made = control("POST", "/requests", {{"user", "alice"}, {"roles", {"dba"}}, {"n", 3}});
    const json::value ids = made.at("ids");
    control("POST", "/requests/state", {{"ids", ids}, {"state", "DENIED"}});
    const json::value denied = control("GET", "/requests");
    CHECK(denied.as_array().size() == 3);
    for (const json::value& request : denied.as_array()) {
        CHECK(request.at("state").as_string() == "DENIED");
    }
    control("POST", "/requests/delete", {{"ids", ids}});
    CHECK(control("GET", "/requests").as_array().empty());
    CHECK(test::send_raw(control_request("POST", "/requests/delete", {{"ids", ids}}))->status == 404);
    CHECK(test::send_raw(control_request("POST", "/requests/mend", {{"ids", ids}}))->status == 404);
}

TEST_CASE_FIXTURE(fixture, "messages are listed without their blocks, and forgotten when told to") {
    post("one");
    post("two", "C0DBA00001");
    const json::value listed = control("GET", "/slack/messages");
    REQUIRE(listed.as_array().size() == 2);
    CHECK(listed.at(0).at("channel").as_string() == "C0ACCESS01");
    CHECK(listed.at(0).at("text").as_string() == "one");
    CHECK_FALSE(listed.at(0).as_object().contains("blocks"));
    control("POST", "/slack/forget");
    CHECK(control("GET", "/slack/messages").as_array().empty());
    CHECK(control("GET", "/slack").at("channels").as_array().size() == 3);
}

TEST_CASE_FIXTURE(fixture, "the state is told when something has changed") {
    const std::uint64_t before = control("GET", "/state").at("revision").to_number<std::uint64_t>();
    std::uint64_t after = 0;
    const auto begun = std::chrono::steady_clock::now();
    std::thread poller([&] {
        const auto response =
            test::send_raw(control_request("GET", "/state?after=" + std::to_string(before)));
        after = response ? json::parse(response->body).at("revision").to_number<std::uint64_t>() : 0;
    });
    control("POST", "/requests", {{"user", "alice@example.com"}, {"roles", {"dba"}}});
    poller.join();
    CHECK(after > before);
    CHECK(std::chrono::steady_clock::now() - begun < 10s);
}

TEST_CASE_FIXTURE(fixture, "the state tells what plugins have written down about a request") {
    const auto made = control("POST", "/requests", {{"user", "alice"}, {"roles", {"dba"}}});
    plugin_data_change change;
    change.kind = "access_request";
    change.resource = std::string(made.at("ids").at(0).as_string());
    change.plugin = "slack";
    change.set = {{"hallpass", "{}"}, {"messages", "C/1"}};
    REQUIRE(world->cluster().update_plugin_data(change).has_value());
    const json::value state = control("GET", "/state");
    CHECK(state.at("cluster").at("requests").at(0).at("notes") == json::object{{"slack", "{}"}});
}

TEST_CASE_FIXTURE(fixture, "other sites can't reach the control port through a browser") {
    const auto status_with = [&](const char* header, const char* value) {
        test::raw_request request = control_request("POST", "/reset");
        request.headers[header] = value;
        return test::send_raw(request)->status;
    };
    CHECK(status_with("Host", "evil.example") == 403);
    CHECK(status_with("Host", "127.0.0.1.evil.example") == 403);
    CHECK(status_with("Origin", "https://evil.example") == 403);
    CHECK(status_with("Origin", "null") == 403);
    CHECK(status_with("Sec-Fetch-Site", "cross-site") == 403);
    CHECK(status_with("Sec-Fetch-Site", "same-origin") == 200);
}

TEST_CASE_FIXTURE(fixture, "the page forbids itself everything from elsewhere") {
    const auto page = test::send_raw(control_request("GET", "/"));
    REQUIRE(page);
    CHECK(page->status == 200);
    CHECK(page->header("content-security-policy").starts_with("default-src 'none'"));
    CHECK(page->body.find("://") == std::string::npos);
}

TEST_CASE_FIXTURE(fixture, "the page's program comes with every part that it asks for") {
    std::set<std::string> asked{"page.js"};
    std::vector<std::string> left(asked.begin(), asked.end());
    const std::regex import("from \"\\./([a-z_]+\\.js)\"");
    while (!left.empty()) {
        const std::string name = left.back();
        left.pop_back();
        CAPTURE(name);
        const auto part = test::send_raw(control_request("GET", "/" + name));
        REQUIRE(part);
        REQUIRE(part->status == 200);
        CHECK(part->header("content-type").starts_with("text/javascript"));
        for (std::sregex_iterator at(part->body.begin(), part->body.end(), import), end; at != end; ++at) {
            if (asked.insert((*at)[1]).second) {
                left.push_back((*at)[1]);
            }
        }
    }
    CHECK(asked.contains("slack_forms.js"));
}

TEST_CASE_FIXTURE(fixture, "a rotation replaces the identity file") {
    const std::string before = content_of(files.path() + "/identity");
    control("POST", "/rotate");
    CHECK(content_of(files.path() + "/identity") != before);
}

TEST_CASE("a sandbox says why it can't start") {
    stderr_log out;
    const scratch_directory files;
    sandbox_options options;
    options.directory = files.path() + "/file/below";
    std::ofstream(files.path() + "/file") << "x";
    const auto blocked = simulated_services::start(options, out);
    REQUIRE(blocked.has_error());
    CHECK(blocked.error().text().find("choose another --dir") != std::string::npos);
    options.directory = files.path();
    const auto first = simulated_services::start(options, out);
    REQUIRE(first.has_value());
    options.auth_listen = (*first)->addresses().auth;
    const auto second = simulated_services::start(options, out);
    REQUIRE(second.has_error());
    CHECK(second.error().text().find("--auth-listen") != std::string::npos);
}

TEST_CASE_FIXTURE(
    fixture, "the page is given what each running hallpass says of itself, and nothing where none runs"
) {
    CHECK(control("GET", "/hallpass") == json::array{});
    std::filesystem::create_directory(files.path() + "/state");
    boost::asio::io_context context;
    net::server_options options;
    options.listen = "unix:" + files.path() + "/state/instance-1.sock";
    const auto tell = [](net::server_request) -> boost::asio::awaitable<net::server_response> {
        co_return net::server_response(200, R"({"instance":"abc","services":[]})", "application/json");
    };
    const auto server = net::listen_http(context.get_executor(), std::move(options), tell, out).value();
    boost::asio::co_spawn(context, server->serve(), [](const std::exception_ptr& thrown) {
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    });
    std::thread running([&] { context.run(); });
    const json::value told = control("GET", "/hallpass");
    boost::asio::post(context, [&] { server->close(); });
    running.join();
    CHECK(told == json::array{json::object{{"instance", "abc"}, {"services", json::array{}}}});
}
