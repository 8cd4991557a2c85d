#include "services/jira/signature.hpp"
#include "services/jira/webhook.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::jira;

namespace {

ports::callback_request signed_request(const std::string& body, const std::string& signature) {
    ports::callback_request made;
    made.body = body;
    made.headers.emplace_back("x-hub-SIGNATURE", signature);
    return made;
}

const std::string good =
    R"({"timestamp":1700000000000,"webhookEvent":"jira:issue_updated","issue":{"id":"10001"},
    "changelog":{"items":[{"field":"status","to":"2"}]}})";

std::string with(std::string from, const std::string& what, const std::string& by) {
    return from.replace(from.find(what), what.size(), by);
}

} // namespace

TEST_CASE("Atlassian's published vector is right, and anything else is not") {
    const secret key("It's a Secret to Everybody");
    const std::string vector = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
    CHECK(sign_webhook(key, "Hello World!") == vector);
    CHECK_FALSE(refuse_webhook(key, signed_request("Hello World!", vector)));
    CHECK(refuse_webhook(key, signed_request("Hello World?", vector)));
    CHECK(refuse_webhook(secret("another"), signed_request("Hello World!", vector)));
    CHECK(refuse_webhook(key, signed_request("Hello World!", vector.substr(7))));
    CHECK(refuse_webhook(key, signed_request("Hello World!", "sha1=" + vector.substr(7))));
    CHECK(refuse_webhook(key, {}));
    auto doubled = signed_request("Hello World!", vector);
    doubled.headers.push_back(doubled.headers.front());
    CHECK(refuse_webhook(key, doubled));
    const secret none;
    CHECK(refuse_webhook(none, signed_request("Hello World!", sign_webhook(none, "Hello World!"))));
}

TEST_CASE("of a webhook only an issue whose status changed is taken") {
    const auto moved = read_webhook(good);
    REQUIRE(moved);
    CHECK(moved->issue_id == "10001");
    CHECK(moved->at == instant(std::chrono::milliseconds(1'700'000'000'000)));
    for (const std::string& bad :
         {with(good, "jira:issue_updated", "comment_created"), with(good, "\"status\"", "\"summary\""),
          with(good, "\"10001\"", "\"../1\""), with(good, "\"10001\"", "10001"),
          with(good, "1700000000000", "\"1\""), with(good, "1700000000000", "-1"),
          with(good, "1700000000000", "9223372036854775807"), std::string("[]"), std::string("{"),
          std::string()}) {
        CAPTURE(bad);
        CHECK_FALSE(read_webhook(bad));
    }
}

TEST_CASE("a reason is read as upstream reads it") {
    CHECK(reason_in("Reason: on fire") == "on fire");
    CHECK(reason_in("hello\n  RESOLUTION :  done \nbye") == "done");
    CHECK(reason_in("Reason:\r\n\r\nmany\r\nlines\r\n") == "many\nlines");
    CHECK(reason_in("reason:").empty());
    CHECK(reason_in("the reason: none").empty());
    CHECK(reason_in("reasonable: none").empty());
    CHECK(reason_in("").empty());
}
