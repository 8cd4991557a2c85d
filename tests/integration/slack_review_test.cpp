#include "decision_rig.hpp"
#include "support/eventually.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <csignal>

using namespace hallpass;
using test::decision_rig;
using test::has;
using namespace hallpass::test::people;
namespace json = boost::json;

namespace {

std::string seen(const json::value& submitted) {
    return json::serialize(submitted.at("view"));
}

} // namespace

TEST_CASE("a click, a reason, and the review stands in the name of who clicked, once") {
    decision_rig rig;
    const std::string id = rig.new_request();
    CHECK(has(rig.card(id).text, "\"actions\""));
    const json::value submitted = rig.decide(id, bob, "approve");
    INFO(json::serialize(submitted));
    CHECK(submitted.at("status") == 200);
    CHECK(submitted.at("ms").to_number<int>() < 3000);
    const json::value after = rig.request(id);
    CHECK(after.at("state") == "APPROVED");
    REQUIRE(rig.reviews_of(id) == 1);
    const json::value& review = after.at("reviews").at(0);
    CHECK(review.at("author") == "bob@example.com");
    CHECK(review.at("reason") == "seen, and fine");
    test::eventually("the buttons are gone", [&] { return !has(rig.card(id).text, "\"actions\""); });
    CHECK(has(rig.card(id).text, "APPROVED"));
    rig.hallpass->wait_for_text(
        "decision service=slack account=U0BOB00001 user=bob@example.com request=" + id +
        " verdict=approve outcome=accepted"
    );
    CHECK_FALSE(has(rig.hallpass->log(), rig.rig.sandbox.signing_secret()));
}

TEST_CASE("who requested can't decide, and is told why, alone") {
    decision_rig rig;
    const std::string id = rig.new_request();
    const json::value submitted = rig.decide(id, alice, "approve");
    CHECK(has(seen(submitted), "own request"));
    CHECK(rig.request(id).at("state") == "PENDING");
    CHECK(rig.reviews_of(id) == 0);
}

TEST_CASE("a form that is sent after the request was resolved tells by whom, and adds no review") {
    decision_rig rig;
    const std::string id = rig.new_request();
    const json::value late = rig.click(id, carol, "deny");
    REQUIRE(late.at("view").is_object());
    rig.decide(id, bob, "approve");
    const json::value submitted = rig.submit(late, carol, "no");
    CHECK(has(seen(submitted), "bob@example.com"));
    CHECK(rig.reviews_of(id) == 1);
    CHECK(rig.request(id).at("state") == "APPROVED");
}

TEST_CASE("a callback that Slack didn't sign, or signed too long ago, is refused alike") {
    decision_rig rig;
    const std::string id = rig.new_request();
    const json::value forged = rig.click(id, bob, "approve", {{"secret", "not the app's"}});
    CHECK(forged.at("status") == 401);
    const json::value old = rig.click(id, bob, "approve", {{"age_s", 600}});
    CHECK(old.at("status") == 401);
    CHECK(forged.at("view").is_null());
    CHECK(rig.reviews_of(id) == 0);
}

TEST_CASE("a denial without the reason that the operator asks for stays open") {
    decision_rig rig("require_reason = \"deny\"\n");
    const std::string id = rig.new_request();
    const json::value clicked = rig.click(id, bob, "deny");
    REQUIRE(clicked.at("view").is_object());
    const json::value without = rig.submit(clicked, bob, "  ");
    INFO(json::serialize(without));
    CHECK(without.at("answer").at("response_action") == "errors");
    CHECK(rig.reviews_of(id) == 0);
    const json::value with = rig.submit(clicked, bob, "not today");
    INFO(json::serialize(with));
    CHECK(rig.request(id).at("state") == "DENIED");
}

TEST_CASE("two forms of one person, sent to two instances, are one review") {
    decision_rig rig;
    const std::string id = rig.new_request();
    const json::value first = rig.click(id, bob, "approve");
    const auto other = rig.rig.start_watching();
    rig.point_slack_at(*other);
    const json::value second = rig.click(id, bob, "approve");
    REQUIRE(first.at("view").is_object());
    REQUIRE(second.at("view").is_object());
    CHECK(rig.submit(first, bob, "one").at("status") == 200);
    CHECK(rig.submit(second, bob, "two").at("status") == 200);
    CHECK(rig.reviews_of(id) == 1);
    CHECK(rig.request(id).at("state") == "APPROVED");
}

TEST_CASE("accounts that prove nobody have no power: unknown, a bot, a guest, of another workspace") {
    decision_rig rig;
    const std::string id = rig.new_request();
    for (const char* account : {"U0ROBOT001", "U0ERIN0001", "U0GINA0001", "U0DAVE0001"}) {
        CAPTURE(account);
        const auto got = rig.try_to_approve(id, account);
        INFO(got.second);
        CHECK(rig.reviews_of(id) == 0);
        CHECK(rig.request(id).at("state") == "PENDING");
        const bool refused = got.first == 401;
        CHECK((refused || has(got.second, "not linked") || has(got.second, "Teleport user")));
    }
}

TEST_CASE("a reload keeps the public listener, and the buttons of before still decide") {
    decision_rig rig;
    const std::string id = rig.new_request();
    rig.hallpass->program().send_signal(SIGHUP);
    rig.hallpass->wait_for_event("reloaded");
    decision_rig::wait_for_the_next_second();
    rig.decide(id, bob, "approve");
    CHECK(rig.request(id).at("state") == "APPROVED");
    CHECK(rig.hallpass->count_of("listening") == 1);
}

TEST_CASE("buttons without a certificate for the listener are refused at the start, with the mend") {
    decision_rig ready;
    ready.configure("", "");
    test::running_hallpass refused(ready.rig.config_file(), {{"SSL_CERT_FILE", ready.rig.sandbox.ca_file()}});
    CHECK(refused.program().wait() != 0);
    CHECK(has(refused.log(), "https_cert_file"));
}

TEST_CASE("by state, the message shows the approvals so far, also after a restart, until one decides") {
    decision_rig rig("as = \"state\"\n[review.state]\napprovals = 2\n[review.state.approvers]\n"
                     "\"*\" = [\"bob@example.com\", \"carol@example.com\"]\n");
    const std::string id = rig.new_request();
    CHECK(has(seen(rig.decide(id, bob, "approve")), "1 more approval"));
    test::eventually("the approval is on the message", [&] {
        return has(rig.card(id).text, "1 of 2 approved, 0 denied so far");
    });
    CHECK(has(rig.card(id).text, "bob@example.com"));
    CHECK(has(rig.card(id).text, "\"actions\""));
    CHECK(rig.request(id).at("state") == "PENDING");
    CHECK(rig.reviews_of(id) == 0);
    rig.hallpass = nullptr;
    rig.hallpass = rig.rig.start_watching();
    rig.point_slack_at(*rig.hallpass);
    CHECK(has(seen(rig.decide(id, bob, "approve")), "already"));
    rig.decide(id, carol, "approve");
    CHECK(rig.request(id).at("state") == "APPROVED");
    test::eventually("the message says so", [&] { return has(rig.card(id).text, "APPROVED"); });
    CHECK(has(rig.card(id).text, "bob@example.com"));
}
