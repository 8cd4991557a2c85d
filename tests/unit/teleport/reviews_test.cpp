#include "unit/teleport/auth_server.hpp"
#include "unit/teleport/world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <exception>

using namespace hallpass;
using boost::asio::awaitable;
using hallpass::test::auth_behaviour;
using hallpass::test::auth_server;
using hallpass::test::pki;
using hallpass::test::world;
using names = std::vector<std::string>;

namespace {

ports::review_submission review_by(const std::string& author, const std::string& reason = "") {
    ports::review_submission review;
    review.request_id = "r1";
    review.author = author;
    review.proposed = access::request_state::approved;
    review.reason = reason;
    return review;
}

} // namespace

TEST_CASE("a review is submitted on a person's behalf, and the request comes back as it then is") {
    const pki cluster("main");
    auth_server auth(cluster);
    auth.create_request("r1");
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    std::string by;
    std::string sent;
    std::string sent_as_self;
    fault_kind again = fault_kind::bug;
    here.play([&]() -> awaitable<void> {
        ports::review_submission first = review_by("bob", "fine");
        const auto reviewed = co_await here.client->reviews().submit_review(std::move(first));
        by = reviewed.value().reviews.at(0).author;
        sent = auth.last_decision();
        ports::review_submission second = review_by("bob");
        const auto refused = co_await here.client->reviews().submit_review(std::move(second));
        again = refused.error().kind();
        ports::review_submission own = review_by("");
        const auto done = co_await here.client->reviews().submit_review(std::move(own));
        static_cast<void>(done.value());
        sent_as_self = auth.last_decision();
    });
    CHECK(by == "bob");
    CHECK(sent == "r1 bob APPROVED on behalf: fine");
    CHECK(again == fault_kind::conflict);
    CHECK(sent_as_self == "r1  APPROVED: ");
}

TEST_CASE("refusals of a review say what is the matter") {
    const pki cluster("main");
    auth_behaviour old;
    old.submit_for_users = false;
    auth_server auth(cluster, old);
    auth.create_request("r1");
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    std::vector<fault_kind> kinds;
    here.play([&]() -> awaitable<void> {
        ports::review_submission for_other = review_by("bob");
        const auto unsupported = co_await here.client->reviews().submit_review(std::move(for_other));
        kinds.push_back(unsupported.error().kind());
        auth.approve("r1");
        ports::review_submission late = review_by("");
        const auto resolved = co_await here.client->reviews().submit_review(std::move(late));
        kinds.push_back(resolved.error().kind());
        auth.remove("r1");
        ports::review_submission lost = review_by("");
        const auto gone = co_await here.client->reviews().submit_review(std::move(lost));
        kinds.push_back(gone.error().kind());
        ports::review_submission nonsense = review_by("");
        nonsense.proposed = access::request_state::pending;
        const auto bug = co_await here.client->reviews().submit_review(std::move(nonsense));
        kinds.push_back(bug.error().kind());
    });
    CHECK(
        kinds ==
        std::vector{fault_kind::unsupported, fault_kind::unauthorised, fault_kind::not_found, fault_kind::bug}
    );
}

TEST_CASE("a review under way when everything ends may have been recorded, and the fault says so") {
    const pki cluster("main");
    auth_behaviour slow;
    slow.hangs_on_review = true;
    auth_server auth(cluster, slow);
    auth.create_request("r1");
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    std::optional<fault> ended;
    here.play([&]() -> awaitable<void> {
        boost::asio::co_spawn(
            here.context, here.client->reviews().submit_review(review_by("bob")),
            [&ended](std::exception_ptr, result<access::access_request> answer) { ended = answer.error(); }
        );
        const std::function<bool()> there = [&auth] { return auth.calls("SubmitAccessReview") == 1; };
        co_await test::until("the review at the server", there);
    });
    REQUIRE(ended);
    CHECK(ended->uncertain());
}

TEST_CASE("a state is set with the person as its delegator") {
    const pki cluster("main");
    auth_server auth(cluster);
    auth.create_request("r1");
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    access::request_state state = access::request_state::none;
    fault_kind gone = fault_kind::bug;
    here.play([&]() -> awaitable<void> {
        ports::state_change change;
        change.request_id = "r1";
        change.state = access::request_state::denied;
        change.delegator = "bob";
        change.reason = "no";
        const auto done = co_await here.client->reviews().set_state(change);
        static_cast<void>(done.value());
        const auto now = co_await here.client->gateway().read_request("r1");
        state = now.value().value().state;
        change.request_id = "r2";
        const auto missing = co_await here.client->reviews().set_state(change);
        gone = missing.error().kind();
    });
    CHECK(state == access::request_state::denied);
    CHECK(gone == fault_kind::not_found);
    CHECK(auth.last_decision() == "r2 bob DENIED by state: no");
}

TEST_CASE("users are found by name, and by a trait through every page, which is asked for once") {
    const pki cluster("main");
    auth_server auth(cluster);
    auth.add_user("alice", {"UA"});
    auth.add_user("bob", {"UB", "UB"});
    auth.add_user("carol", {});
    auth.add_user("dan", {"UX", "UD"});
    auth.add_user("eve", {"UX"});
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    std::vector<names> found;
    std::vector<bool> exists;
    here.play([&]() -> awaitable<void> {
        for (const std::string value : {"UB", "UX", "UZ", "", "ub"}) {
            const auto holders = co_await here.client->reviews().users_by_trait("slack_uid", value);
            found.push_back(holders.value());
        }
        const auto other = co_await here.client->reviews().users_by_trait("other", "UB");
        found.push_back(other.value());
        for (const std::string name : {"bob", "nobody"}) {
            const auto there = co_await here.client->reviews().find_user(name);
            exists.push_back(there.value());
        }
    });
    CHECK(found == std::vector<names>{{"bob"}, {"dan", "eve"}, {}, {}, {}, {}});
    CHECK(exists == std::vector<bool>{true, false});
    CHECK(auth.calls("ListUsers") == 6); // three pages for each trait
}

TEST_CASE("look-ups of one trait that come together read the users once") {
    const pki cluster("main");
    auth_server auth(cluster);
    auth.add_user("bob", {"UB"});
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    int answered = 0;
    here.play([&]() -> awaitable<void> {
        for (int i = 0; i < 5; ++i) {
            boost::asio::co_spawn(
                here.context, here.client->reviews().users_by_trait("slack_uid", "UB"),
                [&answered](std::exception_ptr, result<names> holders) {
                    answered += holders && *holders == names{"bob"} ? 1 : 0;
                }
            );
        }
        const std::function<bool()> all = [&answered] { return answered == 5; };
        co_await test::until("five answers", all);
    });
    CHECK(auth.calls("ListUsers") == 1);
}
