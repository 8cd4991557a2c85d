// Reviews for people, as Teleport's own types read them.
#include "oracle.hpp"
#include "support/skip.hpp"
#include "unit/teleport/world.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::interop;
using boost::asio::awaitable;

namespace {

bool can_run() {
    if (the_oracle_program().path.empty()) {
        test::skip(the_oracle_program().why);
        return false;
    }
    return true;
}

ports::review_submission approval_of(const std::string& id, const std::string& author) {
    ports::review_submission review;
    review.request_id = id;
    review.author = author;
    review.proposed = access::request_state::approved;
    review.reason = "go ahead";
    return review;
}

} // namespace

TEST_CASE("a review on a person's behalf is theirs, and neither a second one nor the requester's is taken") {
    if (!can_run()) {
        return;
    }
    const oracle auth;
    test::world here(auth.auth_address(), test::read_file(auth.identity_file()));
    const std::string id = auth.request("alice@example.com", "dba", "");
    here.start();
    std::optional<access::access_request> reviewed;
    std::vector<fault_kind> refused;
    here.play([&]() -> awaitable<void> {
        for (const std::string author : {"alice@example.com", "bob@example.com", "carol@example.com"}) {
            ports::review_submission review = approval_of(id, author);
            const auto answer = co_await here.client->reviews().submit_review(std::move(review));
            if (answer) {
                reviewed = *answer;
            } else {
                refused.push_back(answer.error().kind());
            }
        }
    });
    REQUIRE(reviewed);
    CHECK(reviewed->state == access::request_state::approved);
    REQUIRE(reviewed->reviews.size() == 1);
    CHECK(reviewed->reviews[0].author == "bob@example.com");
    CHECK(reviewed->reviews[0].reason == "go ahead");
    CHECK(refused == std::vector{fault_kind::unauthorised, fault_kind::unauthorised});
}

TEST_CASE("a server that takes no reviews for others is told from one that refuses this person") {
    if (!can_run()) {
        return;
    }
    const oracle auth({"-submit-for-users=false"});
    test::world here(auth.auth_address(), test::read_file(auth.identity_file()));
    const std::string id = auth.request("alice@example.com", "dba", "");
    here.start();
    fault_kind kind = fault_kind::bug;
    access::request_state own = access::request_state::none;
    here.play([&]() -> awaitable<void> {
        ports::review_submission review = approval_of(id, "bob@example.com");
        const auto refused = co_await here.client->reviews().submit_review(std::move(review));
        kind = refused.error().kind();
        ports::review_submission as_plugin = approval_of(id, "");
        const auto answer = co_await here.client->reviews().submit_review(std::move(as_plugin));
        own = answer.value().state;
    });
    CHECK(kind == fault_kind::unsupported);
    CHECK(own == access::request_state::approved);
}

TEST_CASE("a state is set for a person where there are no reviews") {
    if (!can_run()) {
        return;
    }
    const oracle auth;
    test::world here(auth.auth_address(), test::read_file(auth.identity_file()));
    const std::string id = auth.request("alice@example.com", "dba", "");
    here.start();
    std::optional<access::access_request> after;
    bool second_refused = false;
    here.play([&]() -> awaitable<void> {
        ports::state_change change;
        change.request_id = id;
        change.state = access::request_state::denied;
        change.delegator = "bob@example.com";
        change.reason = "not today";
        const auto done = co_await here.client->reviews().set_state(change);
        static_cast<void>(done.value());
        const auto again = co_await here.client->reviews().set_state(change);
        second_refused = again.has_error();
        const auto now = co_await here.client->gateway().read_request(id);
        after = now.value();
    });
    REQUIRE(after);
    CHECK(after->state == access::request_state::denied);
    CHECK(after->resolve_reason == "not today");
    CHECK(second_refused);
}
