#include "../services/scripted_http.hpp"
#include "services/mattermost/replies.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hallpass;
using hallpass::services::mattermost::read_reply;
using hallpass::test::answer;

namespace {

fault fault_of(int status, std::string body, bool posts = true, ports::http_headers headers = {}) {
    const auto reply = read_reply("POST posts", posts, answer(std::move(body), status, std::move(headers)));
    REQUIRE(reply.has_error());
    return reply.error();
}

std::string refusal(const std::string& id) {
    return R"({"id":")" + id + R"(","message":"What it says.","status_code":400})";
}

} // namespace

TEST_CASE("each status is a kind of fault, and a line that names the mend") {
    struct expected {
        int status;
        fault_kind kind;
        bool uncertain;
        std::string_view mend;
    };

    for (const expected& one : {
             expected{400, fault_kind::permanent, false, ""},
             expected{401, fault_kind::unauthorised, false, "mattermost.token"},
             expected{403, fault_kind::permanent, false, "add the bot to the team and to the channel"},
             expected{404, fault_kind::not_found, false, ""},
             expected{413, fault_kind::permanent, false, ""},
             expected{429, fault_kind::rate_limited, false, ""},
             expected{500, fault_kind::transient, true, ""},
             expected{501, fault_kind::unsupported, true, "switched off"},
             expected{503, fault_kind::transient, true, ""},
         }) {
        CAPTURE(one.status);
        const fault made = fault_of(one.status, refusal("api.some.app_error"));
        CAPTURE(made.text());
        CHECK(made.kind() == one.kind);
        CHECK(made.uncertain() == one.uncertain);
        CHECK(made.text().starts_with(
            "Mattermost POST posts: HTTP " + std::to_string(one.status) + " api.some.app_error: What it says."
        ));
        CHECK(made.text().find(one.mend) != std::string::npos);
    }
}

TEST_CASE("a post that is still being saved may be there, and isn't a failure for good") {
    const fault made = fault_of(500, refusal("api.post.deduplicate_create_post.pending"));
    CHECK(made.kind() == fault_kind::transient);
    CHECK(made.uncertain());
    CHECK(made.text().ends_with("it is being saved"));
}

TEST_CASE("a reply to a post that is gone is not_found") {
    const fault made = fault_of(400, refusal("api.post.create_post.root_id.app_error"));
    CHECK(made.kind() == fault_kind::not_found);
    CHECK(made.text().ends_with("the post it replies to is gone"));
}

TEST_CASE("a limit is told in plain text, and its wait is kept") {
    const fault made = fault_of(429, "limit exceeded\n", true, {{"Retry-After", "3"}});
    CHECK(made.kind() == fault_kind::rate_limited);
    CHECK(made.retry_after() == std::chrono::seconds(3));
    CHECK(made.text() == "Mattermost POST posts: HTTP 429 limit exceeded");
}

TEST_CASE("what isn't Mattermost's answer is transient, and uncertain where a post may have been made") {
    const fault page = fault_of(200, "<html>\nwelcome");
    CHECK(page.kind() == fault_kind::transient);
    CHECK(page.uncertain());
    CHECK(page.text().find("\"<html> welcome\"; is mattermost.url right") != std::string::npos);
    CHECK_FALSE(fault_of(200, "<html>", false).uncertain());
    CHECK_FALSE(fault_of(404, "<html>").uncertain());
    CHECK(fault_of(200, "3").kind() == fault_kind::transient);
    CHECK(fault_of(400, "{}").kind() == fault_kind::transient);
}
