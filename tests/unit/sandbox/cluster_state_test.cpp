#include "sandbox/cluster_state.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::sandbox;
using namespace std::chrono_literals;
using access::request_state;

namespace {

access::review_threshold threshold(unsigned approve, unsigned deny, std::string filter = "") {
    access::review_threshold made;
    made.approve = approve;
    made.deny = deny;
    made.filter = std::move(filter);
    return made;
}

new_request wanted(std::vector<access::review_threshold> thresholds = {}) {
    new_request made;
    made.user = "alice@example.com";
    made.roles = {"prod-admin", "dba", "dba"};
    made.thresholds = std::move(thresholds);
    return made;
}

new_review given(std::string author, request_state proposed, std::string reason = "") {
    new_review made;
    made.author = std::move(author);
    made.proposed = proposed;
    made.reason = std::move(reason);
    return made;
}

struct fixture {
    change_signal changes;
    instant now{1772357400000ms};
    cluster_state cluster{cluster_settings{}, changes, [this] { return now; }};

    std::string create(std::vector<access::review_threshold> thresholds = {}) {
        return cluster.create(wanted(std::move(thresholds))).value().request.id;
    }

    request_state review(const std::string& id, const char* author, request_state proposed) {
        return cluster.review(id, given(author, proposed)).value().request.state;
    }
};

template <class T>
refusal_code refused(const outcome<T>& done) {
    REQUIRE(done.has_error());
    return done.error().code;
}

} // namespace

TEST_CASE_FIXTURE(fixture, "a new request is pending, with sorted roles and one threshold") {
    const auto made = cluster.create(wanted()).value();
    CHECK(made.request.state == request_state::pending);
    CHECK(made.request.roles == std::vector<std::string>{"dba", "prod-admin"});
    REQUIRE(made.request.thresholds.size() == 1);
    CHECK(made.thresholds_by_role.size() == 2);
}

TEST_CASE_FIXTURE(fixture, "reviews decide when they reach a threshold") {
    struct row {
        const char* what;
        std::vector<access::review_threshold> thresholds;
        std::vector<request_state> reviews;
        request_state after;
    };

    using enum access::request_state;
    const row rows[] = {
        {"one approval", {threshold(1, 1)}, {approved}, approved},
        {"one denial", {threshold(1, 1)}, {denied}, denied},
        {"one of two approvals", {threshold(2, 1)}, {approved}, pending},
        {"two of two approvals", {threshold(2, 1)}, {approved, approved}, approved},
        {"a denial after an approval", {threshold(2, 1)}, {approved, denied}, denied},
        {"one of two denials", {threshold(1, 2)}, {denied}, pending},
        {"nobody can deny", {threshold(2, 0)}, {denied, denied, denied}, pending},
        {"nobody can approve", {threshold(0, 1)}, {approved, approved}, pending},
        {"the lower of two thresholds", {threshold(3, 3), threshold(1, 3)}, {approved}, approved},
        {"a filter that is false", {threshold(1, 1, "false")}, {approved}, pending},
        {"a promotion", {threshold(5, 5)}, {promoted}, promoted},
    };
    for (const row& tried : rows) {
        CAPTURE(tried.what);
        const std::string id = create(tried.thresholds);
        request_state after = pending;
        for (std::size_t i = 0; i < tried.reviews.size(); ++i) {
            after = review(id, ("reviewer-" + std::to_string(i)).c_str(), tried.reviews[i]);
        }
        CHECK(after == tried.after);
    }
}

TEST_CASE_FIXTURE(fixture, "the deciding review's reason is the request's") {
    const std::string id = create({threshold(2, 1)});
    REQUIRE(cluster.review(id, given("bob", request_state::approved, "first")).has_value());
    const auto second = cluster.review(id, given("carol", request_state::approved, "second")).value();
    CHECK(second.request.resolve_reason == "second");
    CHECK(second.request.request_expires == second.request.access_expires);
}

TEST_CASE_FIXTURE(fixture, "nobody reviews twice, and nothing that is resolved") {
    const std::string id = create({threshold(2, 1)});
    review(id, "bob", request_state::approved);
    const auto again = cluster.review(id, given("bob", request_state::denied));
    CHECK(refused(again) == refusal_code::permission_denied);
    CHECK(again.error().text.ends_with("has already reviewed this request"));
    review(id, "carol", request_state::approved);
    CHECK(
        refused(cluster.review(id, given("dan", request_state::denied))) == refusal_code::permission_denied
    );
    CHECK(refused(cluster.review("nothing", given("dan", request_state::denied))) == refusal_code::not_found);
}

TEST_CASE_FIXTURE(fixture, "a request without thresholds can't be reviewed") {
    new_request bare = wanted();
    bare.without_thresholds = true;
    const std::string id = cluster.create(std::move(bare)).value().request.id;
    CHECK(
        refused(cluster.review(id, given("bob", request_state::approved))) == refusal_code::invalid_argument
    );
}

TEST_CASE_FIXTURE(
    fixture, "a review for somebody else needs the flag, the right, and a person who may review"
) {
    const std::string id = create();
    new_review on_behalf = given("bob@example.com", request_state::approved);
    CHECK(refused(cluster.review_as("access-plugin", id, on_behalf)) == refusal_code::permission_denied);
    on_behalf.on_behalf = true;
    new_review own = on_behalf;
    own.author = "alice@example.com";
    CHECK(refused(cluster.review_as("access-plugin", id, own)) == refusal_code::permission_denied);
    new_review stranger = on_behalf;
    stranger.author = "nobody";
    CHECK(refused(cluster.review_as("access-plugin", id, stranger)) == refusal_code::not_found);
    new_review unfit = on_behalf;
    unfit.author = "dan";
    CHECK(refused(cluster.review_as("access-plugin", id, unfit)) == refusal_code::permission_denied);
    cluster.change_settings([](cluster_settings& settings) { settings.submit_for_users = false; });
    CHECK(refused(cluster.review_as("access-plugin", id, on_behalf)) == refusal_code::permission_denied);
    cluster.change_settings([](cluster_settings& settings) { settings.submit_for_users = true; });
    const auto done = cluster.review_as("access-plugin", id, on_behalf).value();
    CHECK(done.request.reviews.front().author == "bob@example.com");
    CHECK(done.review_records.front().submitted_by == "access-plugin");
}

TEST_CASE_FIXTURE(fixture, "nobody reviews their own request, however much they may review") {
    new_request own = wanted();
    own.user = "bob@example.com";
    const std::string id = cluster.create(own).value().request.id;
    new_review mine = given("bob@example.com", request_state::approved);
    mine.on_behalf = true;
    CHECK(refused(cluster.review_as("access-plugin", id, mine)) == refusal_code::permission_denied);
    CHECK(refused(cluster.review_as("bob@example.com", id, mine)) == refusal_code::permission_denied);
    mine.author = "carol@example.com";
    CHECK(cluster.review_as("access-plugin", id, mine).has_value());
}

TEST_CASE_FIXTURE(fixture, "a denied request stays denied") {
    const std::string id = create();
    REQUIRE(cluster.set_state(id, {request_state::denied, "no", "bob"}).has_value());
    CHECK(cluster.requests({}).front().delegator == "bob");
    CHECK(cluster.set_state(id, {request_state::denied, "no", ""}).has_value());
    CHECK(
        refused(cluster.set_state(id, {request_state::approved, "", ""})) == refusal_code::invalid_argument
    );
    CHECK(refused(cluster.set_state(id, {request_state::none, "", ""})) == refusal_code::invalid_argument);
}

TEST_CASE_FIXTURE(fixture, "an expired request is deleted, and its watchers are told") {
    int woken = 0;
    const auto watcher = cluster.watch({}, [&] { ++woken; });
    const std::string id = create();
    CHECK_FALSE(watcher->pop()->deleted);
    now += 59min;
    cluster.expire();
    CHECK(cluster.requests({}).size() == 1);
    now += 2min;
    cluster.expire();
    const auto told = watcher->pop();
    REQUIRE(told);
    CHECK(told->deleted);
    CHECK(told->request.request.id == id);
    CHECK(cluster.requests({}).empty());
    CHECK(woken == 2);
}

TEST_CASE_FIXTURE(fixture, "a watcher that stays behind is cut off") {
    cluster.change_settings([](cluster_settings& settings) { settings.watch_capacity = 2; });
    const auto watcher = cluster.watch({}, [] {});
    create();
    create();
    CHECK_FALSE(watcher->ended().has_value());
    create();
    REQUIRE(watcher->ended().has_value());
    CHECK(watcher->ended()->code == refusal_code::unknown);
    CHECK(watcher->pop() == nullptr);
}

TEST_CASE_FIXTURE(fixture, "a filter keeps other requests from a watcher and from a list") {
    const auto watcher = cluster.watch({"", "bob@example.com", request_state::none}, [] {});
    const std::string id = create();
    CHECK(watcher->pop() == nullptr);
    CHECK(cluster.requests({id, "", request_state::none}).size() == 1);
    CHECK(cluster.requests({id, "", request_state::approved}).empty());
}

TEST_CASE_FIXTURE(
    fixture, "plugin data can be written first while the request is there, and later after it is gone"
) {
    const std::string id = create();
    const plugin_data_change change{"access_request", id, "slack", {{"a", "1"}}, {}};
    REQUIRE(cluster.update_plugin_data(change).has_value());
    REQUIRE(cluster.remove(id).has_value());
    CHECK(cluster.update_plugin_data(change).has_value());
    const plugin_data_change other{"access_request", "gone", "slack", {{"a", "1"}}, {}};
    CHECK(refused(cluster.update_plugin_data(other)) == refusal_code::not_found);
}
