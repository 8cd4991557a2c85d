#include "../services/scripted_http.hpp"
#include "services/pagerduty/replies.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using hallpass::services::pagerduty::read_reply;
using test::answer;

namespace {

std::string error_body(int code, const std::string& message) {
    return R"({"error":{"message":")" + message + R"(","code":)" + std::to_string(code) +
           R"(,"errors":["Title cannot be blank."]}})";
}

fault fault_of(const ports::http_response& response, bool makes = false) {
    const auto read = read_reply("GET x", makes, response);
    REQUIRE(read.has_error());
    return read.error();
}

} // namespace

TEST_CASE("an answer that succeeded is its object") {
    const auto read = read_reply("GET x", false, answer(R"({"a":1})"));
    REQUIRE(read.has_value());
    CHECK(read->at("a") == 1);
}

TEST_CASE("PagerDuty's errors are one line, with code, reason and mend") {
    CHECK(
        fault_of(answer(error_body(2001, "Invalid Input Provided"), 400)).text() ==
        "PagerDuty GET x: 2001 Invalid Input Provided: Title cannot be blank."
    );
    const fault key = fault_of(answer(error_body(2006, "Authentication failed"), 401));
    CHECK(key.kind() == fault_kind::unauthorised);
    CHECK(key.text().find("api_url = \"https://api.eu.pagerduty.com\"") != std::string::npos);
    const fault user = fault_of(answer(error_body(1008, "Requester User Not Found"), 400));
    CHECK(user.kind() == fault_kind::unauthorised);
    CHECK(user.text().find("pagerduty.user_email must be the e-mail of a user") != std::string::npos);
    CHECK(fault_of(answer(error_body(2010, "Access Denied"), 403)).kind() == fault_kind::unauthorised);
    CHECK(fault_of(answer(error_body(2100, "Not Found"), 404)).kind() == fault_kind::not_found);
    CHECK(
        fault_of(answer(error_body(1001, "Incident Already Resolved"), 400)).kind() == fault_kind::conflict
    );
}

TEST_CASE("only what may have been done is uncertain, and only of calls that make something") {
    CHECK(fault_of(answer(error_body(2000, "oops"), 500), true).uncertain());
    CHECK(fault_of(answer("<html>", 502), true).uncertain());
    CHECK(fault_of(answer("<html>", 200), true).uncertain());
    CHECK(fault_of(answer("{}", 408), true).uncertain());
    CHECK_FALSE(fault_of(answer(error_body(2000, "oops"), 500), false).uncertain());
    CHECK_FALSE(fault_of(answer(error_body(2001, "no"), 400), true).uncertain());
    CHECK_FALSE(fault_of(answer("", 429), true).uncertain());
}

TEST_CASE("a 429 tells how long to wait, in whichever header and form it comes") {
    const auto wait_of = [](const ports::http_response& response) {
        const fault made = fault_of(response);
        CHECK(made.kind() == fault_kind::rate_limited);
        return made.retry_after();
    };
    const std::string body = error_body(2020, "Rate Limit Exceeded");
    CHECK(wait_of(answer(body, 429, {{"ratelimit-reset", "7"}})) == std::chrono::seconds(7));
    CHECK(wait_of(answer("", 429, {{"Retry-After", "3"}})) == std::chrono::seconds(3));
    CHECK_FALSE(wait_of(answer("slow down", 429)));
}

TEST_CASE("what isn't PagerDuty's answer is told with where to look") {
    const fault proxy = fault_of(answer("<html>\nlogin", 302));
    CHECK(proxy.kind() == fault_kind::transient);
    CHECK(
        proxy.text() ==
        "PagerDuty GET x: HTTP 302 with something that isn't PagerDuty's answer: \"<html> login\"; is "
        "api_url right, or a proxy in between?"
    );
    CHECK(fault_of(answer("no", 401)).kind() == fault_kind::unauthorised);
}
