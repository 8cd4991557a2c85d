// A click, and what the person is told, after everything went wrong once.
#include "simulation/virtual_clock.hpp"
#include "support/recorded_log.hpp"
#include "unit/workflow/simulated_reviews.hpp"
#include "workflow/approval_store.hpp"
#include "workflow/decider.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <exception>

using namespace hallpass;
using namespace std::chrono_literals;
using access::decision_result;
using access::request_state;
using access::verdict;

namespace {

fault lost() {
    fault why(fault_kind::transient, "the answer was lost");
    why.set_uncertain(true);
    return why;
}

fault down() {
    return {fault_kind::transient, "connection refused"};
}

struct world {
    world() {
        rules.enabled = true;
        rules.identities.users["slack"] = {
            {"UB", "bob"}, {"UC", "carol"}, {"UA", "alice"}, {"UM", "mallory"}};
        access::access_request request;
        request.id = "r1";
        request.user = "alice";
        request.roles = {"dba"};
        request.state = request_state::pending;
        auth.requests["r1"] = request;
        facts.active = true;
        facts.guest = facts.bot = facts.foreign = false;
    }

    ~world() {
        one.stop();
        one.abort();
        clock.run_until([this] { return one.running() == 0; }, 1min);
        bool joined = false;
        boost::asio::co_spawn(context, one.join(), [&joined](std::exception_ptr) { joined = true; });
        clock.run_until([&joined] { return joined; }, 1min);
    }

    using answers = std::vector<access::decision_outcome>;

    void click(
        std::shared_ptr<answers> into,
        std::string account,
        verdict what = verdict::approve,
        std::string reason = ""
    ) {
        access::decision asked{"r1", {"slack", std::move(account), facts}, what, std::move(reason)};
        boost::asio::co_spawn(
            context, one.decide(std::move(asked)),
            [into](std::exception_ptr error, access::decision_outcome outcome) {
                REQUIRE_FALSE(error);
                into->push_back(std::move(outcome));
            }
        );
    }

    answers all(const std::shared_ptr<answers>& from, std::size_t count) {
        REQUIRE(clock.run_until([&] { return from->size() >= count; }, 1min));
        return *from;
    }

    access::decision_outcome
    decide(std::string account, verdict what = verdict::approve, std::string reason = "") {
        const auto into = std::make_shared<answers>();
        click(into, std::move(account), what, std::move(reason));
        return all(into, 1).front();
    }

    access::access_request& request() { return auth.requests["r1"]; }

    boost::asio::io_context context;
    simulation::virtual_clock clock{context};
    simulation::simulated_auth auth;
    test::simulated_reviews reviews{auth, clock};
    test::recorded_log log;
    access::review_rules rules;
    access::account_facts facts; // of whoever clicks
    std::vector<std::string> counted;
    workflow::decider one{
        {context.get_executor(), auth, reviews, clock, log, rules, {}, [this](const std::string& request_id) {
             counted.push_back(request_id);
         }}};
};

} // namespace

TEST_CASE("a mapped person's click is a review in their name, with one line of audit") {
    world w;
    const auto outcome = w.decide("UB", verdict::deny, "not today");
    CHECK(outcome.what == decision_result::accepted);
    CHECK(outcome.state == request_state::denied);
    REQUIRE(w.reviews.submitted.size() == 1);
    CHECK(w.reviews.submitted[0].author == "bob");
    CHECK(w.reviews.submitted[0].reason == "not today");
    REQUIRE(w.log.lines.size() == 1);
    CHECK(
        w.log.lines[0] ==
        "decision service=slack account=UB user=bob request=r1 verdict=deny outcome=accepted reason="
    );
}

TEST_CASE("whoever is nobody in Teleport, or may not review, changes nothing") {
    world w;
    CHECK(w.decide("U-unknown").what == decision_result::not_mapped);
    CHECK(w.decide("UA").what == decision_result::own_request);
    CHECK(w.reviews.submitted.empty());
    CHECK(w.decide("UM").what == decision_result::no_permission);
    CHECK(w.request().reviews.empty());
    w.rules.enabled = false;
    CHECK(w.decide("UB").what == decision_result::elsewhere);
}

TEST_CASE("the table comes before the trait, and the trait before the e-mail") {
    world w;
    w.rules.identities.traits["slack"] = "slack_uid";
    w.rules.identities.email_is_user_name = true;
    w.rules.identities.email_domains = {"example.com"};
    w.reviews.holders["slack_uid=UB"] = {"mallory"};
    w.reviews.holders["slack_uid=UT"] = {"bob"};
    w.reviews.approvals_needed = 9;
    CHECK(w.decide("UB").user == "bob");
    w.request().reviews.clear();
    CHECK(w.decide("UT").user == "bob");
    const auto by_email = [&w](std::string account, std::string email) {
        access::account_facts facts;
        facts.email = std::move(email);
        facts.email_verified = true;
        facts.active = true;
        facts.guest = facts.bot = facts.foreign = false;
        access::decision asked{"r1", {"slack", std::move(account), facts}, verdict::approve, ""};
        std::optional<access::decision_outcome> got;
        boost::asio::co_spawn(
            w.context, w.one.decide(asked),
            [&got](std::exception_ptr, access::decision_outcome outcome) { got = std::move(outcome); }
        );
        REQUIRE(w.clock.run_until([&got] { return got.has_value(); }, 1min));
        return *got;
    };
    w.reviews.users = {"carol@example.com"};
    w.reviews.reviewers.insert("carol@example.com");
    CHECK(by_email("UE", "carol@example.com").user == "carol@example.com");
    CHECK(by_email("UF", "dan@example.com").what == decision_result::not_mapped);
    w.reviews.holders["slack_uid=UE"] = {"bob", "carol@example.com"};
    CHECK(by_email("UE", "carol@example.com").what == decision_result::not_mapped);
}

TEST_CASE("a trait that can't be read gives no power, and is tried again where that may help") {
    world w;
    w.rules.identities.traits["slack"] = "slack_uid";
    w.reviews.holders["slack_uid=UT"] = {"bob"};
    w.reviews.next_look_ups = {fault(fault_kind::unauthorised, "ListUsers: access denied")};
    CHECK(w.decide("UT").what == decision_result::not_mapped);
    CHECK(w.log.has("ListUsers: access denied"));
    w.reviews.next_look_ups = {down(), down()};
    CHECK(w.decide("UT").what == decision_result::accepted);
}

TEST_CASE("a review whose answer was lost is looked up before anything is said, and counts once") {
    world w;
    w.reviews.next_reviews.emplace_back(lost(), true);
    CHECK(w.decide("UB").what == decision_result::accepted);
    CHECK(w.reviews.submitted.size() == 1);
    CHECK(w.request().reviews.size() == 1);
}

TEST_CASE("a review that was lost on its way is submitted again") {
    world w;
    w.reviews.approvals_needed = 2;
    w.reviews.next_reviews.emplace_back(lost(), false);
    w.reviews.next_reviews.emplace_back(lost(), true);
    CHECK(w.decide("UB").what == decision_result::needs_more);
    CHECK(w.reviews.submitted.size() == 2);
    CHECK(w.request().reviews.size() == 1);
}

TEST_CASE("where nobody can say whether the review was recorded, the person is told so") {
    world w;
    w.reviews.next_reviews.emplace_back(lost(), false);
    w.reviews.before_review = [&w] { w.auth.next_reads.assign(50, {down(), false}); };
    CHECK(w.decide("UB").what == decision_result::unknown);
    CHECK(w.request().reviews.empty());
}

TEST_CASE("where the cluster can't be reached at all, nothing was recorded and the person may try again") {
    world w;
    w.auth.next_reads.assign(50, {down(), false});
    const instant before = w.clock.now();
    CHECK(w.decide("UB").what == decision_result::unreachable);
    CHECK(w.clock.now() - before <= 8s);
    CHECK(w.reviews.submitted.empty());
}

TEST_CASE("a server that takes no reviews for others sends people to its web page") {
    world w;
    w.reviews.may_submit_for_users = false;
    CHECK(w.decide("UB").what == decision_result::elsewhere);
    CHECK(w.request().reviews.empty());
    CHECK(w.reviews.submitted.size() == 1);
}

TEST_CASE("a request that is resolved or deleted meanwhile is not decided, and the person hears by whom") {
    world w;
    w.reviews.before_review = [&w] {
        w.request().state = request_state::denied;
        access::review other;
        other.author = "carol";
        other.proposed = request_state::denied;
        w.request().reviews.push_back(other);
    };
    const auto late = w.decide("UB");
    CHECK(late.what == decision_result::already_resolved);
    CHECK(late.by == "carol");
    CHECK(late.state == request_state::denied);
    world gone;
    gone.reviews.before_review = [&gone] { gone.auth.requests.clear(); };
    CHECK(gone.decide("UB").what == decision_result::expired);
    CHECK(gone.decide("UB").what == decision_result::expired);
}

TEST_CASE("a person's earlier review stands, also where only the server knows of it") {
    world w;
    w.reviews.approvals_needed = 5;
    CHECK(w.decide("UB").what == decision_result::needs_more);
    CHECK(w.decide("UB").what == decision_result::already_reviewed);
    CHECK(w.decide("UB", verdict::deny).what == decision_result::already_reviewed);
    CHECK(w.reviews.submitted.size() == 1);
    // A double click at two instances: the other one's decided it.
    world twice;
    twice.reviews.before_review = [&twice] {
        access::review same;
        same.author = "bob";
        same.proposed = request_state::approved;
        twice.request().reviews.push_back(same);
        twice.request().state = request_state::approved;
    };
    const auto second = twice.decide("UB");
    CHECK(second.what == decision_result::already_resolved);
    CHECK(second.by == "bob");
    world stale;
    stale.reviews.next_reviews.emplace_back(fault(fault_kind::conflict, "has already reviewed"), false);
    CHECK(stale.decide("UB").what == decision_result::already_reviewed);
}

TEST_CASE("a double click is one review, and both clicks hear of it") {
    world w;
    const auto answers = std::make_shared<world::answers>();
    for (int i = 0; i < 3; ++i) {
        w.click(answers, "UB");
    }
    for (const auto& outcome : w.all(answers, 3)) {
        CHECK(outcome.what == decision_result::accepted);
    }
    CHECK(w.reviews.submitted.size() == 1);
    CHECK(w.log.lines.size() == 3);
}

TEST_CASE("a different second click waits for the first, and is judged on its own") {
    world w;
    w.rules.reason = access::reason_rule::for_denial;
    w.reviews.approvals_needed = 2;
    const auto answers = std::make_shared<world::answers>();
    w.click(answers, "UB", verdict::deny, "");
    w.click(answers, "UB", verdict::deny, "no");
    w.click(answers, "UB", verdict::approve);
    const auto heard = w.all(answers, 3);
    const auto count = [&heard](decision_result what) {
        return std::count_if(heard.begin(), heard.end(), [what](const auto& one) {
            return one.what == what;
        });
    };
    CHECK(count(decision_result::reason_required) == 1);
    CHECK(w.reviews.submitted.size() == 1);
    CHECK(w.request().reviews.size() == 1);
}

TEST_CASE("two approvers at once are two reviews") {
    world w;
    w.reviews.approvals_needed = 2;
    const auto answers = std::make_shared<world::answers>();
    w.click(answers, "UB");
    w.click(answers, "UC");
    const auto heard = w.all(answers, 2);
    CHECK(heard[0].what == decision_result::needs_more);
    CHECK(heard[1].what == decision_result::accepted);
    CHECK(w.request().reviews.size() == 2);
}

TEST_CASE("who hears nothing by the deadline is told so, and the log later what became of it") {
    world w;
    w.reviews.delay = 30s;
    const instant before = w.clock.now();
    CHECK(w.decide("UB").what == decision_result::unknown);
    CHECK(w.clock.now() - before == 8s);
    CHECK_FALSE(w.log.has("decision_late"));
    REQUIRE(w.clock.run_until([&w] { return w.log.has("decision_late"); }, 1min));
    CHECK(w.log.has(
        "decision_late service=slack account=UB user=bob request=r1 verdict=approve outcome=accepted"
    ));
    CHECK(w.one.running() == 0);
}

TEST_CASE("a decision that is cut short at the end is not called unrecorded") {
    world w;
    w.reviews.delay = 5s;
    const auto answers = std::make_shared<world::answers>();
    w.click(answers, "UB");
    w.clock.run_until([] { return false; }, 1s);
    w.one.stop();
    w.click(answers, "UC");
    w.one.abort();
    const auto heard = w.all(answers, 2);
    CHECK(heard[0].what == decision_result::unreachable); // carol's never began
    CHECK(heard[1].what == decision_result::unknown);
}

TEST_CASE("as the plugin, one review in hallpass's name carries who decided") {
    world w;
    w.rules.as = access::review_as::plugin;
    w.reviews.next_reviews.emplace_back(lost(), true);
    w.reviews.approvals_needed = 2;
    CHECK(w.decide("UB", verdict::approve, "fine").what == decision_result::needs_more);
    CHECK(w.reviews.submitted.size() == 1);
    CHECK(w.request().reviews.at(0).author == "hallpass");
    CHECK(w.request().reviews.at(0).reason == "bob (slack UB): fine");
    CHECK(w.decide("UA").what == decision_result::own_request);
    CHECK(w.decide("UC").what == decision_result::elsewhere);
    CHECK(w.request().reviews.size() == 1);
}

TEST_CASE("by state, only named approvers decide, and the approvals so far are kept beside the request") {
    world w;
    w.rules.as = access::review_as::state;
    CHECK(w.decide("UB").what == decision_result::no_permission);
    w.rules.state.approvers["dba"] = {"alice", "bob", "carol"};
    w.rules.state.approvals["dba"] = 2;
    CHECK(w.decide("UA").what == decision_result::own_request);
    CHECK(w.decide("UM").what == decision_result::no_permission);
    const auto first = w.decide("UB", verdict::approve, "fine");
    CHECK(first.what == decision_result::needs_more);
    CHECK(first.missing == 1u);
    CHECK(w.counted == std::vector<std::string>{"r1"});
    CHECK(w.decide("UB").what == decision_result::already_reviewed);
    const auto kept = workflow::decode_approvals(w.auth.data["r1"]["hallpass"]["approvals"]);
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].user == "bob");
    CHECK(kept[0].account == "UB");
    CHECK(kept[0].reason == "fine");
    CHECK(kept[0].at == w.clock.now());
    CHECK(w.reviews.changed.empty());
    CHECK(w.decide("UC", verdict::approve, "ok").what == decision_result::accepted);
    REQUIRE(w.reviews.changed.size() == 1);
    CHECK(w.reviews.changed[0].delegator == "carol");
    CHECK(w.reviews.changed[0].reason == "ok");
    CHECK(w.request().state == request_state::approved);
    CHECK(w.reviews.submitted.empty());
}

TEST_CASE("by state, one denial decides, and a late approval can't undo it") {
    world w;
    w.rules.as = access::review_as::state;
    w.rules.state.approvers["*"] = {"bob", "carol"};
    CHECK(w.decide("UB", verdict::deny).what == decision_result::accepted);
    CHECK(w.request().state == request_state::denied);
    const auto late = w.decide("UC");
    CHECK(late.what == decision_result::already_resolved);
    CHECK(w.request().state == request_state::denied);
}

TEST_CASE("by state, approvals given at the same moment and lost answers are counted once each") {
    world w;
    w.rules.as = access::review_as::state;
    w.rules.state.approvers["*"] = {"bob", "carol", "mallory"};
    w.rules.state.approvals["*"] = 3;
    w.auth.next_updates.emplace_back(lost(), true);
    const auto answers = std::make_shared<world::answers>();
    w.click(answers, "UB");
    w.click(answers, "UC");
    for (const auto& outcome : w.all(answers, 2)) {
        CHECK(outcome.what == decision_result::needs_more);
    }
    CHECK(workflow::decode_approvals(w.auth.data["r1"]["hallpass"]["approvals"]).size() == 2);
    w.reviews.next_states.emplace_back(lost(), true);
    CHECK(w.decide("UM").what == decision_result::accepted);
    CHECK(w.reviews.changed.size() == 1);
}

TEST_CASE("where the operator takes anybody, the state is set for whoever the service says decided") {
    world w;
    w.rules.as = access::review_as::anyone;
    w.facts.email = "dave@example.com";
    CHECK(w.decide("UX", verdict::deny, "no need").what == decision_result::accepted);
    REQUIRE(w.reviews.changed.size() == 1);
    CHECK(w.reviews.changed[0].delegator == "slack:dave@example.com");
    CHECK(w.reviews.changed[0].reason == "no need");
    CHECK(w.request().state == request_state::denied);
    CHECK(w.reviews.submitted.empty());
    CHECK(w.decide("UX").what == decision_result::already_resolved);
}

TEST_CASE("where the operator takes anybody, neither requesters nor machines nor people unknown decide") {
    world w;
    w.rules.as = access::review_as::anyone;
    w.facts.email = "bob@example.com";
    CHECK(w.decide("UA").what == decision_result::own_request); // by the table
    w.facts.email = "ALICE@example.com";
    CHECK(w.decide("UX").what == decision_result::own_request);
    w.facts.email = "";
    CHECK(w.decide("UX").what == decision_result::not_mapped);
    w.facts.email = "dave@example.com";
    w.facts.bot = true;
    CHECK(w.decide("UX").what == decision_result::not_mapped);
    w.facts.bot = false;
    w.facts.active = false;
    CHECK(w.decide("UX").what == decision_result::not_mapped);
    w.facts.active = true;
    w.facts.guest = true;
    CHECK(w.decide("UX").what == decision_result::not_mapped);
    CHECK(w.reviews.changed.empty());
    CHECK(w.decide("UB").what == decision_result::accepted); // a guest of the table
    CHECK(w.reviews.changed.at(0).delegator == "slack:dave@example.com");
}

TEST_CASE("where the operator takes anybody, a state whose answer was lost is set once") {
    world w;
    w.rules.as = access::review_as::anyone;
    w.facts.email = "dave@example.com";
    w.reviews.next_states = {{lost(), true}};
    CHECK(w.decide("UX").what == decision_result::accepted);
    CHECK(w.reviews.changed.size() == 1);
}

TEST_CASE("stored approvals come back as they were, and nonsense is no approval") {
    const std::vector<access::approval> given{{"bob", "slack", "U\"1", instant{} + 5ms, "it's \"mine\""}};
    const auto back = workflow::decode_approvals(workflow::encode_approvals(given));
    REQUIRE(back.size() == 1);
    CHECK(back[0].user == "bob");
    CHECK(back[0].account == "U\"1");
    CHECK(back[0].at == instant{} + 5ms);
    CHECK(back[0].reason == "it's \"mine\"");
    const auto earlier = workflow::decode_approvals("[[\"bob\",\"slack\",\"U1\",5]]");
    REQUIRE(earlier.size() == 1);
    CHECK(earlier[0].reason.empty());
    for (const char* text : {"", "{", "{}", "[1,[],[\"\"],[2,\"x\"]]", "null", "[[[\"bob\"]]]"}) {
        CHECK(workflow::decode_approvals(text).empty());
    }
}
