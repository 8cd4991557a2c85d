#include "../services/scripted_http.hpp"
#include "services/msteams/replies.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::msteams;
using test::answer;

namespace {

fault refused(std::string body, int status, bool posts = true) {
    const auto read = read_reply("bot POST x", posts, answer(std::move(body), status));
    REQUIRE(read.has_error());
    return read.error();
}

std::string error_of(const std::string& code) {
    return R"({"error":{"code":")" + code + R"(","message":"said so"}})";
}

} // namespace

TEST_CASE("an object and an empty answer are successes") {
    CHECK(read_reply("x", true, answer(R"({"id":"1"})", 201))->at("id") == "1");
    CHECK(read_reply("x", true, answer("", 204))->empty());
    CHECK(read_reply("x", true, answer(" \r\n", 200))->empty());
}

TEST_CASE("each of Microsoft's errors has its kind and its mend, on one line") {
    struct expected {
        const char* code;
        int status;
        fault_kind kind;
        const char* part;
    };

    for (const expected& one : {
             expected{
                 "Authorization_RequestDenied", 403, fault_kind::unauthorised, "administrator must consent"},
             expected{"Unauthorized", 401, fault_kind::unauthorised, "check app_id"},
             expected{"Request_ResourceNotFound", 404, fault_kind::not_found, ""},
             expected{"ActivityNotFoundInConversation", 404, fault_kind::not_found, ""},
             expected{"Conflict", 409, fault_kind::conflict, ""},
             expected{"BotNotInConversationRoster", 403, fault_kind::permanent, "add the app"},
             expected{"BotDisabledByAdmin", 403, fault_kind::permanent, "Teams admin center"},
             expected{"MessageSizeTooBig", 413, fault_kind::permanent, "report it"},
             expected{"PreconditionFailed", 412, fault_kind::transient, ""},
             expected{"TooManyRequests", 429, fault_kind::rate_limited, ""},
             expected{"BadArgument", 400, fault_kind::permanent, ""},
             expected{"NobodyKnows", 418, fault_kind::permanent, ""},
             expected{"ServiceError", 503, fault_kind::transient, ""},
         }) {
        CAPTURE(one.code);
        const fault got = refused(error_of(one.code), one.status);
        CHECK(got.kind() == one.kind);
        CHECK(got.text().find(one.part) != std::string::npos);
        CHECK(got.text().find(one.code) != std::string::npos);
        CHECK(got.text().find('\n') == std::string::npos);
        CHECK(got.uncertain() == (one.status >= 500));
    }
}

TEST_CASE("a person who blocks the app is told of, from the code within the message") {
    const fault got = refused(R"({"errorCode":209,"message":"{\"subCode\":\"MessageWritesBlocked\"}"})", 403);
    CHECK(got.kind() == fault_kind::permanent);
    CHECK(got.text().find("has blocked the app") != std::string::npos);
}

TEST_CASE("only a post may have been done by a call that failed") {
    CHECK(refused(error_of("ServiceError"), 502, true).uncertain());
    CHECK_FALSE(refused(error_of("ServiceError"), 502, false).uncertain());
    CHECK_FALSE(refused(error_of("BadArgument"), 400, true).uncertain());
}

TEST_CASE("what isn't Microsoft's answer passes, and may have been done where it says it succeeded") {
    for (const char* body : {"<html>sign in</html>", "[]", "\"x\"", "{\"id\":tr\xff"}) {
        CAPTURE(body);
        const fault got = refused(body, 200);
        CHECK(got.kind() == fault_kind::transient);
        CHECK(got.uncertain());
    }
    CHECK(refused("<html>", 404).kind() == fault_kind::transient);
    CHECK(refused("", 503).uncertain());
}

TEST_CASE("the time to wait is taken from the answer") {
    auto response = answer(error_of("TooManyRequests"), 429, {{"Retry-After", "7"}});
    const auto read = read_reply("x", true, response);
    REQUIRE(read.has_error());
    CHECK(read.error().retry_after() == std::chrono::milliseconds(7000));
}
