#include "../services/scripted_http.hpp"
#include "services/discord/replies.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using hallpass::services::discord::read_reply;
using hallpass::test::answer;
using std::chrono::milliseconds;

namespace {

fault refused(const std::string& body, int status, bool posts = true, ports::http_headers headers = {}) {
    const auto reply = read_reply("POST x", posts, answer(body, status, std::move(headers)));
    REQUIRE(reply.has_error());
    return reply.error();
}

fault with_code(int code, int status) {
    return refused(R"({"message":"said so","code":)" + std::to_string(code) + "}", status);
}

} // namespace

TEST_CASE("an answer that succeeded is handed on, be it an object or a list") {
    CHECK(read_reply("GET x", false, answer("{\"id\":\"1\"}")).has_value());
    CHECK(read_reply("GET x", false, answer("[]")).has_value());
    CHECK(read_reply("GET x", false, answer("{}", 201)).has_value());
}

TEST_CASE("each of Discord's codes has its kind") {
    const auto all_are = [](fault_kind kind, int status, std::initializer_list<int> codes) {
        for (const int code : codes) {
            CAPTURE(code);
            const fault failed = with_code(code, status);
            CHECK(failed.kind() == kind);
            CHECK_FALSE(failed.uncertain());
            CHECK(failed.text().starts_with("Discord POST x: " + std::to_string(code) + " said so"));
        }
    };
    all_are(fault_kind::not_found, 404, {10008, 10013});
    all_are(fault_kind::unauthorised, 401, {40001, 50014});
    all_are(fault_kind::unauthorised, 403, {40002});
    all_are(
        fault_kind::permanent, 403,
        {50001, 50005, 50007, 50008, 50009, 50013, 50278, 160002, 160005, 200000, 200001, 240000, 40007}
    );
    all_are(fault_kind::permanent, 404, {10003, 10004});
    all_are(fault_kind::permanent, 400, {50006, 50033, 50035, 50083, 50109, 40005, 999999});
    all_are(fault_kind::rate_limited, 429, {20016, 20022, 20028, 20029, 30046, 40062});
    all_are(fault_kind::rate_limited, 400, {40003});
    all_are(fault_kind::transient, 403, {40004, 40333});
}

TEST_CASE("the mend is in the text") {
    CHECK(with_code(50013, 403).text().find("View Channel, Send Messages, Embed Links") != std::string::npos);
    CHECK(with_code(50001, 403).text().find("Read Message History") != std::string::npos);
    CHECK(with_code(10003, 404).text().find("check the channel's id") != std::string::npos);
    CHECK(with_code(0, 404).text().find("is api_url right?") != std::string::npos);
}

TEST_CASE("a form that is refused says where, and a reply to what is gone is not found") {
    const fault form = refused(
        R"({"code":50035,"message":"Invalid Form Body","errors":{"embeds":{"0":{"description":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH"}]}}}}})",
        400
    );
    CHECK(form.kind() == fault_kind::permanent);
    CHECK(form.text().find("BASE_TYPE_MAX_LENGTH") != std::string::npos);
    CHECK(form.text().find("please report it") != std::string::npos);
    const fault gone = refused(
        R"({"code":50035,"message":"Invalid Form Body","errors":{"message_reference":{"_errors":[{"code":"MESSAGE_REFERENCE_UNKNOWN_MESSAGE"}]}}})",
        400
    );
    CHECK(gone.kind() == fault_kind::not_found);
}

TEST_CASE("too many calls: the body's wait is finer than the header's, and the header serves without it") {
    const ports::http_headers header{{"Retry-After", "2"}};
    const fault fine = refused(
        R"({"message":"You are being rate limited.","retry_after":1.3371,"global":true})", 429, true, header
    );
    CHECK(fine.kind() == fault_kind::rate_limited);
    CHECK(fine.retry_after() == milliseconds(1338));
    CHECK(fine.text().find("(for all calls)") != std::string::npos);
    CHECK_FALSE(fine.uncertain());
    CHECK(refused("<html>1015</html>", 429, true, header).kind() == fault_kind::rate_limited);
    CHECK(refused("<html>1015</html>", 429, true, header).retry_after() == milliseconds(2000));
    CHECK_FALSE(refused("", 429).retry_after());
    CHECK(refused(R"({"message":"x","retry_after":1e300})", 429).retry_after() == std::chrono::hours(1));
    CHECK(
        refused(R"({"message":"x","retry_after":-1})", 429, true, header).retry_after() == milliseconds(2000)
    );
    CHECK_FALSE(refused(R"({"message":"x","retry_after":"soon"})", 429).retry_after());
}

TEST_CASE("a server's failure passes, and may have posted, be it Discord's or Cloudflare's") {
    for (const auto* body :
         {"<html>\n502</html>", "", R"({"message":"500: Internal Server Error","code":0})"}) {
        CAPTURE(body);
        const fault failed = refused(body, 502);
        CHECK(failed.kind() == fault_kind::transient);
        CHECK(failed.uncertain());
        CHECK(failed.text().find('\n') == std::string::npos);
        CHECK_FALSE(refused(body, 502, false).uncertain());
    }
}

TEST_CASE("foreign bytes are never taken for an answer") {
    const std::string deep = R"({"x":)" + std::string(1000, '[') + std::string(1000, ']') + "}";
    for (const std::string& body :
         {std::string(), std::string("<html>login</html>"), std::string("true"), std::string("\"x\""),
          std::string(R"({"id":tr)"), std::string("{} trailing"), std::string("\xff\xfe\x00", 3), deep}) {
        CAPTURE(body);
        const fault failed = refused(body, 200);
        CHECK(failed.kind() == fault_kind::transient);
        CHECK(failed.uncertain());
        CHECK(failed.text().find("isn't Discord's answer") != std::string::npos);
    }
    CHECK_FALSE(refused("<html>blocked</html>", 403).uncertain());
    CHECK(refused("{}", 403).kind() == fault_kind::transient);
    CHECK(refused("[]", 400).kind() == fault_kind::transient);
    CHECK(refused("{\"id\":\"1\"}", 302).kind() == fault_kind::transient);
}
