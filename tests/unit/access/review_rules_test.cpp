#include "access/card.hpp"
#include "access/review_rules.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::access;

namespace {

const instant now{std::chrono::hours(500'000)};

access_request pending() {
    access_request request;
    request.id = "r1";
    request.user = "alice";
    request.roles = {"dba"};
    request.state = request_state::pending;
    request.request_expires = now + std::chrono::hours(1);
    return request;
}

void add_review(access_request& to, const std::string& author, request_state proposed) {
    review one;
    one.author = author;
    one.proposed = proposed;
    to.reviews.push_back(one);
}

decision asked(verdict what, std::string reason = "") {
    return {"r1", {"slack", "U1", std::nullopt}, what, std::move(reason)};
}

std::optional<decision_result>
refused(const access_request& request, const std::string& user, const review_rules& rules = {}) {
    const auto found = refuse(rules, asked(verdict::approve), user, &request, now);
    return found ? std::optional(found->what) : std::nullopt;
}

std::vector<approval> by(std::initializer_list<const char*> users) {
    std::vector<approval> all;
    for (const char* user : users) {
        all.push_back({user, "slack", "U", now});
    }
    return all;
}

} // namespace

TEST_CASE("the requester can't decide, in whatever case the name is written") {
    CHECK_FALSE(refused(pending(), "bob"));
    CHECK(refused(pending(), "alice") == decision_result::own_request);
    CHECK(refused(pending(), "Alice") == decision_result::own_request);
    CHECK(refused(pending(), "") == decision_result::own_request);
}

TEST_CASE("what is resolved, gone, over or long-term can't be decided here") {
    access_request request = pending();
    request.state = request_state::denied;
    add_review(request, "carol", request_state::approved);
    add_review(request, "dan", request_state::denied);
    const auto resolved = refuse({}, asked(verdict::approve), "bob", &request, now);
    REQUIRE(resolved);
    CHECK(resolved->what == decision_result::already_resolved);
    CHECK(resolved->by == "dan");
    CHECK(resolved->state == request_state::denied);
    CHECK(refuse({}, asked(verdict::approve), "bob", nullptr, now)->what == decision_result::expired);
    request = pending();
    request.request_expires = now;
    CHECK(refused(request, "bob") == decision_result::expired);
    request = pending();
    request.long_term = true;
    CHECK(refused(request, "bob") == decision_result::elsewhere);
    request = pending();
    request.state = request_state::none;
    CHECK(refused(request, "bob") == decision_result::already_resolved);
}

TEST_CASE("a person reviews a request once") {
    access_request request = pending();
    add_review(request, "carol", request_state::approved);
    CHECK_FALSE(refused(request, "bob"));
    CHECK(refused(request, "carol") == decision_result::already_reviewed);
}

TEST_CASE("a reason is required for what the operator says, and spaces are none") {
    review_rules rules;
    const access_request request = pending();
    const auto missing = [&](verdict what, const std::string& reason) {
        return refuse(rules, asked(what, reason), "bob", &request, now).has_value();
    };
    CHECK_FALSE(missing(verdict::deny, ""));
    rules.reason = reason_rule::for_denial;
    CHECK(missing(verdict::deny, " \n"));
    CHECK_FALSE(missing(verdict::deny, "no"));
    CHECK_FALSE(missing(verdict::approve, ""));
    rules.reason = reason_rule::always;
    CHECK(missing(verdict::approve, ""));
}

TEST_CASE("a confirmation is asked for roles by name, or for all") {
    review_rules rules;
    CHECK_FALSE(needs_confirmation(rules, pending()));
    rules.confirm_roles = {"root"};
    CHECK_FALSE(needs_confirmation(rules, pending()));
    rules.confirm_roles = {"root", "dba"};
    CHECK(needs_confirmation(rules, pending()));
    rules.confirm_roles = {"*"};
    CHECK(needs_confirmation(rules, pending()));
}

TEST_CASE("how many are missing is said only where one threshold holds for everybody") {
    access_request request = pending();
    add_review(request, "bob", request_state::approved);
    CHECK_FALSE(judge_recorded(request, verdict::approve).missing);
    request.thresholds = {{"", "", 3, 1}};
    CHECK(judge_recorded(request, verdict::approve).missing == 2);
    CHECK(judge_recorded(request, verdict::approve).what == decision_result::needs_more);
    request.thresholds = {{"", "contains(reviewer.roles, \"dev\")", 3, 1}};
    CHECK_FALSE(missing_reviews(request, verdict::approve));
    request.thresholds = {{"", "", 3, 1}, {"", "", 1, 1}};
    CHECK_FALSE(missing_reviews(request, verdict::approve));
    request.state = request_state::approved;
    CHECK(judge_recorded(request, verdict::approve).what == decision_result::accepted);
}

TEST_CASE("where hallpass judges, nobody decides unless they are named for every role") {
    state_rules rules;
    access_request request = pending();
    CHECK_FALSE(may_decide(rules, "bob", request));
    rules.approvers["dba"] = {"bob", "alice"};
    CHECK(may_decide(rules, "bob", request));
    CHECK_FALSE(may_decide(rules, "alice", request)); // the requester
    CHECK_FALSE(may_decide(rules, "", request));
    request.roles = {"dba", "root"};
    CHECK_FALSE(may_decide(rules, "bob", request));
    rules.approvers["*"] = {"bob"};
    CHECK(may_decide(rules, "bob", request));
    rules.approvers["root"] = {};
    CHECK_FALSE(may_decide(rules, "bob", request)); // a line of its own, and nobody on it
    request.roles = {};
    CHECK_FALSE(may_decide(rules, "bob", request));
}

TEST_CASE("the most demanding role says how many approvals it takes, and each person counts once") {
    state_rules rules;
    rules.approvers["*"] = {"bob", "carol", "dan"};
    rules.approvals = {{"*", 1}, {"dba", 2}};
    access_request request = pending();
    CHECK(missing_approvals(rules, request, {}) == 2);
    CHECK(missing_approvals(rules, request, by({"bob", "bob"})) == 1);
    CHECK(missing_approvals(rules, request, by({"bob", "mallory", "alice"})) == 1);
    CHECK(missing_approvals(rules, request, by({"bob", "carol", "dan"})) == 0);
    request.roles = {"viewer"};
    CHECK(missing_approvals(rules, request, by({"bob"})) == 0);
    rules.approvals.clear();
    CHECK(missing_approvals(rules, request, {}) == 1);
    rules.approvals = {{"*", 0}};
    CHECK(missing_approvals(rules, request, {}) == 1);
}

TEST_CASE("where hallpass judges, messages show approvals as reviews, and how many it takes") {
    state_rules rules;
    rules.approvers["*"] = {"bob", "carol"};
    rules.approvals["*"] = 2;
    access_request request = pending();
    CHECK(with_approvals(rules, request, {}).thresholds.at(0).approve == 2);
    const approval given{"bob", "slack", "U1", instant{} + std::chrono::seconds(20), "seen"};
    const access_request shown = with_approvals(rules, request, {given});
    REQUIRE(shown.reviews.size() == 1);
    CHECK(shown.reviews[0].author == "bob");
    CHECK(shown.reviews[0].proposed == request_state::approved);
    CHECK(shown.reviews[0].reason == "seen");
    CHECK(face_of(shown) != face_of(request));
    CHECK(missing_reviews(shown, verdict::approve) == 1u);
    // Of somebody who is no approver any more: it is there, and doesn't count.
    const approval former{"mallory", "slack", "U2", instant{} + std::chrono::seconds(10)};
    CHECK(missing_reviews(with_approvals(rules, request, {former, given}), verdict::approve) == 1u);
}

TEST_CASE("a review that comes after an approval is told after it") {
    access_request request = pending();
    add_review(request, "dan", request_state::denied);
    request.reviews.back().created = instant{} + std::chrono::seconds(30);
    const approval given{"bob", "slack", "U1", instant{} + std::chrono::seconds(20)};
    const access_request shown = with_approvals({}, request, {given});
    REQUIRE(shown.reviews.size() == 2);
    CHECK(shown.reviews[0].author == "bob");
    CHECK(shown.reviews[1].author == "dan");
}

TEST_CASE("an account may be the requester's by its e-mail, in whatever case, or where that is hidden") {
    access_request request;
    request.user = "Alice";
    account who;
    CHECK(may_be_requesters(who, request));
    who.facts.emplace();
    CHECK(may_be_requesters(who, request));
    who.facts->email = "alice@example.com";
    CHECK(may_be_requesters(who, request));
    request.user = "alice@EXAMPLE.com";
    CHECK(may_be_requesters(who, request));
    who.facts->email = "bob@example.com";
    CHECK_FALSE(may_be_requesters(who, request));
}
