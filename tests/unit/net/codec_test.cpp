#include "net/encode.hpp"
#include "net/rate_notice.hpp"
#include "net/request_reader.hpp"
#include "net/response_reader.hpp"
#include "net/retry.hpp"
#include "net/url.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace hallpass::net {

namespace {

using namespace std::chrono_literals;

// Feeds the text in pieces of at most `step` bytes, giving again what was not used.
template <class Reader>
std::string feed_in_steps(Reader& reader, std::string_view text, std::size_t step) {
    std::string held;
    for (std::size_t at = 0; at < text.size() && !reader.done(); at += step) {
        held += text.substr(at, step);
        held.erase(0, reader.feed(held));
    }
    return held;
}

const std::vector<std::string> answers = {
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\nX: y\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 E\r\nL: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
    "5\r\n\r\nhello",
};

} // namespace

TEST_CASE("a response is the same however its bytes are cut") {
    for (const std::string& text : answers) {
        for (std::size_t step = 1; step <= text.size(); ++step) {
            CAPTURE(step);
            response_reader reader;
            feed_in_steps(reader, text, step);
            REQUIRE(reader.problem() == "");
            REQUIRE(reader.done());
            CHECK(reader.keep_alive());
            const auto response = reader.take();
            CHECK(response.status == 200);
            CHECK(response.body == "hello");
            CHECK(response.header("x").empty()); // trailers are dropped
        }
    }
}

TEST_CASE("a request is the same however its bytes are cut, and leaves the next one alone") {
    const std::string text = "\r\nPOST /p%2Fq?r HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";
    for (std::size_t step = 1; step <= text.size(); ++step) {
        request_reader reader(message_limits{});
        feed_in_steps(reader, text, step);
        REQUIRE(reader.refusal() == 0);
        REQUIRE(reader.done());
        const auto request = reader.take();
        CHECK(request.method == "POST");
        CHECK(request.path == "/p/q");
        CHECK(request.query == "r");
        CHECK(request.body == "body");
    }
    request_reader reader(message_limits{});
    CHECK(reader.feed(text + "GET /next") == text.size());
}

TEST_CASE("a chunked message without a chunk ends however its bytes are cut, and also when nothing new comes"
) {
    const std::string end = "Host: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    const std::string asked = "POST / HTTP/1.1\r\n" + end;
    const std::string answered = "HTTP/1.1 200 OK\r\n" + end;
    for (std::size_t step = 1; step <= asked.size(); ++step) {
        CAPTURE(step);
        request_reader request(message_limits{});
        feed_in_steps(request, asked, step);
        CHECK(request.refusal() == 0);
        CHECK(request.done());
        response_reader response;
        feed_in_steps(response, answered, step);
        CHECK(response.problem() == "");
        CHECK(response.done());
    }
    response_reader response;
    const std::size_t used = response.feed(answered.substr(0, answered.size() - 2));
    CHECK(response.feed(answered.substr(used, 3)) == 0);
    CHECK(response.feed(answered.substr(used)) == answered.size() - used);
    CHECK(response.done());
}

TEST_CASE("no bytes make the readers throw, hang or claim to be done without a message") {
    std::minstd_rand random(7);
    const std::string seeds = answers[0] + answers[1] + answers[2];
    for (int round = 0; round < 20'000; ++round) {
        std::string text = answers[static_cast<std::size_t>(round) % answers.size()];
        for (int change = 0; change < 3; ++change) {
            const std::size_t at = random() % text.size();
            const char other =
                random() % 2 == 0 ? static_cast<char>(random() % 256) : seeds[random() % seeds.size()];
            text[at] = other;
        }
        const message_limits limits{512, 64};
        response_reader response;
        response.restart(limits);
        feed_in_steps(response, text, 1 + random() % 40);
        response.feed_end();
        CHECK(response.done() == response.problem().empty());
        request_reader request(limits);
        feed_in_steps(request, text, 1 + random() % 40);
        CHECK(!request.done());
    }
}

TEST_CASE("rates and dates are read as the headers have them") {
    const instant now = *parse_rfc3339("1994-11-06T08:49:00Z");
    const auto after = [&](std::string value) {
        return read_rate_notice({{"retry-after", std::move(value)}}, now).retry_after;
    };
    CHECK(after("30") == 30s);
    CHECK(after("0.25") == 250ms);
    CHECK(after("Sun, 06 Nov 1994 08:49:37 GMT") == 37s);
    CHECK(after("Sun, 06 Nov 1990 08:49:37 GMT") == 0s);
    CHECK(after("999999999999999999999") == 1h);
    for (const char* bad : {"", "-1", "soon", "1e9", "nan", "Sun, 36 Nov 1994 08:49:37 GMT"}) {
        CHECK(!after(bad).has_value());
    }
    const auto left = [&](ports::http_headers headers) {
        return read_rate_notice(headers, now).exhausted_for;
    };
    CHECK(left({{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset-After", "1.5"}}) == 1500ms);
    CHECK(!left({{"X-RateLimit-Remaining", "1"}, {"X-RateLimit-Reset-After", "1.5"}}).has_value());
    CHECK(left({{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "7"}}) == 7s);
    CHECK(left({{"RateLimit", "limit=10, remaining=0, reset=5"}}) == 5s);
    CHECK(left({{"RateLimit", "\"default\";r=0;t=5"}}) == 5s);
    CHECK(!left({{"RateLimit", "\"default\";r=3;t=5"}}).has_value());
}

TEST_CASE("URLs are taken apart") {
    const auto parsed = parse_url("HTTPS://API.Slack.com:8443/a/b?c#d");
    REQUIRE(parsed.has_value());
    CHECK(parsed->tls);
    CHECK(parsed->host == "api.slack.com");
    CHECK(parsed->port == 8443);
    CHECK(parsed->target == "/a/b?c");
    CHECK(parsed->path() == "/a/b");
    CHECK(parsed->authority == "api.slack.com:8443");
    CHECK(parse_url("http://[::1]")->authority == "[::1]");
    CHECK(parse_url("http://[::1]:81?q")->target == "/?q");
    for (const char* bad :
         {"", "slack.com", "https://", "https://:1/", "https://a:0/", "https://a:99999/", "https://[::1/",
          "https://a b/", "https://u@a/", "https://a:1x/", "https://[::1]x/"}) {
        CAPTURE(bad);
        CHECK(parse_url(bad).has_error());
    }
}

TEST_CASE("waits between attempts stay between the first and the longest") {
    backoff waits(50ms, 2s);
    jitter random(1);
    for (int i = 0; i < 1000; ++i) {
        const auto wait = waits.next(random);
        CHECK(wait >= 50ms);
        CHECK(wait <= 2s);
    }
}

} // namespace hallpass::net
