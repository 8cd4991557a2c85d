#include "../services/scripted_http.hpp"
#include "services/opsgenie/replies.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::opsgenie;
using test::answer;

namespace {

fault fault_of(const ports::http_response& response, bool makes = false, platform on = platform::opsgenie) {
    const auto read = read_reply(on, "POST alerts", makes, response);
    REQUIRE(read.has_error());
    return read.error();
}

} // namespace

TEST_CASE("what was taken is an answer") {
    const auto read =
        read_reply(platform::opsgenie, "POST alerts", true, answer(R"({"requestId":"r"})", 202));
    REQUIRE(read.has_value());
    CHECK(read->at("requestId") == "r");
}

TEST_CASE("errors are one line, with reason, fields and mend") {
    const fault invalid = fault_of(answer(
        R"({"message":"Request body is not processable.","errors":{"message":"must not be blank"},"took":0.1})",
        422
    ));
    CHECK(invalid.kind() == fault_kind::permanent);
    CHECK(
        invalid.text() ==
        "Opsgenie POST alerts: HTTP 422 Request body is not processable.; message: must not be blank"
    );
    const fault key = fault_of(answer(R"({"message":"Could not authenticate"})", 401));
    CHECK(key.kind() == fault_kind::unauthorised);
    CHECK(key.text().find("https://api.eu.opsgenie.com") != std::string::npos);
    const fault rights = fault_of(answer(R"({"message":"no"})", 403));
    CHECK(rights.kind() == fault_kind::unauthorised);
    CHECK(rights.text().find("\"Read\" and \"Create and update\"") != std::string::npos);
    const fault atlassian = fault_of(
        answer(R"({"errors":[{"title":"Not found","detail":"No schedule"}]})", 404), false, platform::jsm
    );
    CHECK(atlassian.kind() == fault_kind::not_found);
    CHECK(atlassian.text() == "Jira Service Management POST alerts: HTTP 404 No schedule");
}

TEST_CASE("only what may have been done is uncertain, and only of calls that make something") {
    CHECK(fault_of(answer("{}", 500), true).uncertain());
    CHECK(fault_of(answer("<html>", 202), true).uncertain());
    CHECK_FALSE(fault_of(answer("{}", 500), false).uncertain());
    CHECK_FALSE(fault_of(answer("{}", 422), true).uncertain());
}

TEST_CASE("a 429 tells over what time calls are counted") {
    const auto wait_of = [](ports::http_headers headers) {
        const fault made = fault_of(answer(R"({"message":"too many"})", 429, std::move(headers)));
        CHECK(made.kind() == fault_kind::rate_limited);
        return made.retry_after();
    };
    CHECK(wait_of({{"X-RateLimit-Period-In-Sec", "60"}}) == std::chrono::seconds(60));
    CHECK(wait_of({{"X-RateLimit-Period-In-Sec", "1"}}) == std::chrono::seconds(1));
    CHECK(wait_of({{"Retry-After", "9"}}) == std::chrono::seconds(9));
    CHECK_FALSE(wait_of({}));
}
