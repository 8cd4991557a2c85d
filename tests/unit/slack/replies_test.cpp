#include "services/slack/replies.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services;
using namespace hallpass::services::slack;
using std::chrono::seconds;

namespace {

ports::http_response response(std::string body, int status = 200, ports::http_headers headers = {}) {
    ports::http_response made;
    made.status = status;
    made.body = std::move(body);
    made.headers = std::move(headers);
    return made;
}

fault refused(std::string body, bool posts = true, int status = 200, ports::http_headers headers = {}) {
    const auto reply =
        read_reply("chat.postMessage", posts, response(std::move(body), status, std::move(headers)));
    REQUIRE(reply.has_error());
    return reply.error();
}

fault refused_with(const std::string& code, bool posts = true) {
    return refused(R"({"ok":false,"error":")" + code + "\"}", posts);
}

} // namespace

TEST_CASE("a reply that says ok is handed on") {
    const auto reply = read_reply("auth.test", false, response(R"({"ok":true,"user":"hallpass"})"));
    REQUIRE(reply.has_value());
    CHECK(text_of(*reply, "user") == "hallpass");
    CHECK(text_of(*reply, "team").empty());
    CHECK(object_of(*reply, "user").empty());
}

TEST_CASE("each of Slack's codes has its kind") {
    const auto all_are = [](fault_kind kind, std::initializer_list<const char*> codes) {
        for (const char* code : codes) {
            CAPTURE(code);
            const fault failed = refused_with(code);
            CHECK(failed.kind() == kind);
            CHECK_FALSE(failed.uncertain());
            CHECK(failed.text().starts_with("Slack chat.postMessage: " + std::string(code)));
        }
    };
    all_are(fault_kind::rate_limited, {"ratelimited", "rate_limited"});
    all_are(fault_kind::transient, {"service_unavailable", "request_timeout", "team_added_to_org"});
    all_are(
        fault_kind::unauthorised,
        {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
         "no_permission", "not_allowed_token_type", "access_denied", "accesslimited", "ekm_access_denied",
         "org_login_required", "team_access_not_granted", "enterprise_is_restricted",
         "two_factor_setup_required"}
    );
    all_are(
        fault_kind::not_found,
        {"users_not_found", "user_not_found", "message_not_found", "thread_not_found", "user_not_visible"}
    );
    all_are(
        fault_kind::permanent,
        {"channel_not_found", "not_in_channel", "is_archived", "msg_too_long", "invalid_blocks",
         "restricted_action", "restricted_action_thread_locked", "messages_tab_disabled",
         "metadata_too_large", "cant_update_message", "edit_window_closed", "some_code_of_the_future"}
    );
}

TEST_CASE("where Slack may have done part of the work a post is uncertain, and a reading is not") {
    for (const auto* code : {"internal_error", "fatal_error"}) {
        CHECK(refused_with(code, true).kind() == fault_kind::transient);
        CHECK(refused_with(code, true).uncertain());
        CHECK_FALSE(refused_with(code, false).uncertain());
    }
}

TEST_CASE("the mend is in the text") {
    CHECK(refused_with("not_in_channel").text().find("/invite") != std::string::npos);
    CHECK(refused_with("invalid_auth").text().find("slack.token") != std::string::npos);
    CHECK(
        refused(R"({"ok":false,"error":"missing_scope","needed":"chat:write","provided":"users:read"})")
            .text() == "Slack chat.postMessage: missing_scope, needed: chat:write; add the scope under "
                       "\"OAuth & Permissions\" and "
                       "reinstall the app"
    );
    CHECK(refused(R"({"ok":false})").text() == "Slack chat.postMessage: refused without a reason");
    CHECK(
        refused(R"({"ok":false,"error":"evil\nline\u001b[31m"})").text() ==
        "Slack chat.postMessage: evil line [31m"
    );
}

TEST_CASE("too many calls: Slack says how long to wait") {
    const fault failed = refused("", true, 429, {{"retry-after", "30"}});
    CHECK(failed.kind() == fault_kind::rate_limited);
    CHECK(failed.retry_after() == seconds(30));
    CHECK_FALSE(failed.uncertain());
    CHECK_FALSE(refused("", true, 429).retry_after());
    CHECK_FALSE(refused("", true, 429, {{"Retry-After", "soon"}}).retry_after());
    CHECK(refused("", true, 429, {{"Retry-After", "4000000000"}}).retry_after() == seconds(3600));
    CHECK_FALSE(refused("", true, 429, {{"Retry-After", "-1"}}).retry_after());
    CHECK(
        refused(R"({"ok":false,"error":"ratelimited"})", true, 200, {{"Retry-After", "2"}}).retry_after() ==
        seconds(2)
    );
}

TEST_CASE("a server's failure passes, and may have posted") {
    for (const int status : {500, 502, 503, 504}) {
        const fault failed = refused("<html>oops\n</html>", true, status);
        CHECK(failed.kind() == fault_kind::transient);
        CHECK(failed.uncertain());
        CHECK(
            failed.text() == "Slack chat.postMessage: HTTP " + std::to_string(status) + " <html>oops </html>"
        );
    }
    CHECK_FALSE(refused("", false, 500).uncertain());
}

TEST_CASE("foreign bytes are never taken for an answer") {
    const std::string deep = R"({"ok":true,"x":)" + std::string(1000, '[') + std::string(1000, ']') + "}";
    for (const std::string& body :
         {std::string(), std::string("<html>login</html>"), std::string("[]"), std::string("true"),
          std::string("{}"), std::string(R"({"ok":"true"})"), std::string(R"({"ok":true} trailing)"),
          std::string(R"({"ok":tr)"), std::string("\xff\xfe\x00\x01", 4),
          std::string(R"({"ok":true,"x":")") + "\xff\"}", deep}) {
        CAPTURE(body);
        const fault failed = refused(body);
        CHECK(failed.kind() == fault_kind::transient);
        CHECK(failed.uncertain());
        CHECK(failed.text().find("isn't Slack's answer") != std::string::npos);
        CHECK_FALSE(refused(body, false).uncertain());
    }
    CHECK_FALSE(refused("<html>", true, 403).uncertain());
    CHECK_FALSE(refused("", true, 302).uncertain());
    CHECK(refused(R"({"ok":true})", true, 302).kind() == fault_kind::transient);
}
