#include "rig.hpp"
#include "support/eventually.hpp"
#include "support/skip.hpp"

#include <boost/json/object.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::interop;

namespace {

// False, and the case marked as skipped, where there is no Auth Service to test against.
bool can_run() {
    if (the_oracle_program().path.empty()) {
        test::skip(the_oracle_program().why);
        return false;
    }
    return true;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a request becomes one message with who, what, why and the way to decide") {
    if (!can_run()) {
        return;
    }
    const rig all;
    const std::string id = all.oracle.request("alice@example.com", "dba", "the database <!channel> is slow");
    const test::slack_post post = all.post_with(id, "alice@example.com");
    CHECK(has(post.text, "dba"));
    CHECK(has(post.text, "is slow"));
    CHECK(has(post.text, "PENDING"));
    CHECK(post.replies.empty());
}

TEST_CASE("a review becomes a reply in the message's thread") {
    if (!can_run()) {
        return;
    }
    const rig all;
    const std::string id = all.oracle.request("alice@example.com", "dba", "");
    all.post_with(id, "PENDING");
    all.oracle.review(id, "bob@example.com", "APPROVED", "go ahead, carefully");
    const test::slack_post post =
        all.post_that("a reply", id, [](const test::slack_post& shown) { return !shown.replies.empty(); });
    REQUIRE(post.replies.size() == 1);
    CHECK(has(post.replies[0], "bob@example.com"));
    CHECK(has(post.replies[0], "go ahead, carefully"));
}

TEST_CASE("an approval, a denial and a deletion are what the message says in the end") {
    if (!can_run()) {
        return;
    }
    const rig all;
    const std::string approved = all.oracle.request("alice@example.com", "dba", "");
    const std::string denied = all.oracle.request("alice@example.com", "dba", "");
    const std::string gone = all.oracle.request("alice@example.com", "dba", "");
    for (const std::string& id : {approved, denied, gone}) {
        all.post_with(id, "PENDING");
    }
    all.oracle.review(approved, "bob@example.com", "APPROVED", "yes");
    all.oracle.review(denied, "bob@example.com", "DENIED", "not today");
    all.oracle.erase(gone);
    CHECK(all.post_with(approved, "APPROVED").edited);
    CHECK(has(all.post_with(denied, "DENIED").text, "not today"));
    CHECK(all.post_with(gone, "EXPIRED").edited);
}

TEST_CASE("what happens while the watch is down is not missed") {
    if (!can_run()) {
        return;
    }
    const rig all;
    const std::string reviewed = all.oracle.request("alice@example.com", "dba", "");
    const std::string erased = all.oracle.request("alice@example.com", "dba", "");
    all.post_with(reviewed, "PENDING");
    all.post_with(erased, "PENDING");
    // The next attempts to watch fail too, so that all of this happens in the gap.
    const std::int64_t watches = all.oracle.calls("WatchEvents");
    all.oracle.fail("WatchEvents", "UNAVAILABLE", 3);
    all.oracle.drop();
    all.oracle.review(reviewed, "bob@example.com", "APPROVED", "");
    all.oracle.erase(erased);
    const std::string created = all.oracle.request("carol@example.com", "ops", "");
    all.post_with(created, "carol@example.com");
    all.post_with(reviewed, "APPROVED");
    all.post_with(erased, "EXPIRED");
    CHECK(all.oracle.calls("WatchEvents") >= watches + 4);
}

TEST_CASE("after the identity is rotated, the next connection uses the new one") {
    if (!can_run()) {
        return;
    }
    rig all;
    const std::string before = all.oracle.request("alice@example.com", "dba", "");
    all.post_with(before, "PENDING");
    // The Auth Service refuses the old certificate in every new connection from here on.
    all.oracle.rotate();
    all.oracle.drop();
    const std::string after = all.oracle.request("carol@example.com", "ops", "");
    all.post_with(after, "carol@example.com");
    all.oracle.review(before, "bob@example.com", "DENIED", "");
    all.post_with(before, "DENIED");
    CHECK_FALSE(all.hallpass().program().exit_status().has_value());
}

TEST_CASE("calls that the Auth Service fails are tried again until the message is there, once") {
    if (!can_run()) {
        return;
    }
    const rig all;
    all.oracle.fail("GetPluginData", "UNAVAILABLE", 2);
    all.oracle.fail("UpdatePluginData", "UNAVAILABLE", 3);
    const std::string id = all.oracle.request("alice@example.com", "dba", "");
    all.post_with(id, "PENDING");
    all.oracle.fail("UpdatePluginData", "INTERNAL", 1);
    all.oracle.review(id, "bob@example.com", "APPROVED", "");
    const test::slack_post post =
        all.post_that("approved, with one reply", id, [](const test::slack_post& shown) {
            return has(shown.text, "APPROVED") && shown.replies.size() == 1;
        });
    CHECK(all.posts(id).size() == 1);
}

TEST_CASE("calls that Slack fails are tried again until the message is there, once") {
    if (!can_run()) {
        return;
    }
    const rig all;
    all.slack.control().post(
        "/fail", boost::json::object{{"method", "chat.postMessage"}, {"status", 500}, {"n", 2}}
    );
    const std::string id = all.oracle.request("alice@example.com", "dba", "");
    all.post_with(id, "PENDING");
    all.slack.control().post(
        "/fail", boost::json::object{{"method", "chat.update"}, {"status", 503}, {"n", 2}}
    );
    all.oracle.review(id, "bob@example.com", "APPROVED", "");
    all.post_with(id, "APPROVED");
    CHECK(all.posts(id).size() == 1);
}
