#include "../services/scripted_http.hpp"
#include "services/jira/replies.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using hallpass::services::jira::read_reply;
using hallpass::test::answer;

namespace {

fault refused(const std::string& body, int status, bool posts = true, ports::http_headers headers = {}) {
    const auto reply = read_reply("POST issue", posts, answer(body, status, std::move(headers)));
    REQUIRE(reply.has_error());
    return reply.error();
}

} // namespace

TEST_CASE("an answer that succeeded is handed on, be it empty") {
    CHECK(read_reply("GET x", false, answer(R"({"id":"1"})", 201)).has_value());
    CHECK(read_reply("GET x", false, answer("[]")).has_value());
    CHECK(read_reply("POST x", true, answer("", 204))->is_null());
}

TEST_CASE("Jira's two lists of errors are one clear line") {
    CHECK(
        refused(R"({"errorMessages":["No."],"errors":{"issuetype":"Specify a valid issue type","x":1}})", 400)
            .text() == "Jira POST issue: HTTP 400: No.; issuetype: Specify a valid issue type; x: 1"
    );
    CHECK(
        refused(R"({"errors":["old","servers"]})", 400).text() == "Jira POST issue: HTTP 400: old; servers"
    );
    CHECK(refused(R"({"errorMessages":["a\nb"]})", 400).text() == "Jira POST issue: HTTP 400: a b");
    CHECK(refused("{}", 400).text() == "Jira POST issue: HTTP 400");
}

TEST_CASE("each status has its kind, and what Jira may have done is uncertain") {
    using enum fault_kind;
    for (const auto& [status, kind, uncertain] :
         {std::tuple(400, permanent, false), std::tuple(401, unauthorised, false),
          std::tuple(403, permanent, false), std::tuple(404, not_found, false),
          std::tuple(409, transient, false), std::tuple(410, permanent, false),
          std::tuple(429, rate_limited, false), std::tuple(500, transient, true),
          std::tuple(503, transient, true)}) {
        CAPTURE(status);
        const fault made = refused("{}", status);
        CHECK(made.kind() == kind);
        CHECK(made.uncertain() == uncertain);
        CHECK_FALSE(refused("{}", status, false).uncertain());
    }
    CHECK(refused("{}", 429, true, {{"Retry-After", "7"}}).retry_after() == std::chrono::seconds(7));
}

TEST_CASE("a log-in page, and a CAPTCHA that locks the account, are told as such") {
    const fault page = refused("<html>log in</html>", 200);
    CHECK(page.kind() == fault_kind::transient);
    CHECK(page.uncertain());
    CHECK(page.text().find("is url right") != std::string::npos);
    CHECK(refused("Client must be authenticated", 401).kind() == fault_kind::unauthorised);
    const fault captcha =
        refused("", 401, true, {{"X-Authentication-Denied-Reason", "CAPTCHA_CHALLENGE; x"}});
    CHECK(captcha.text().find("answer the CAPTCHA") != std::string::npos);
}
