// Requests of people who are on call: approved once, and never on a guess.
#include "simulation/simulated_auth.hpp"
#include "simulation/simulated_service.hpp"
#include "simulation/virtual_clock.hpp"
#include "support/recorded_log.hpp"
#include "unit/workflow/simulated_reviews.hpp"
#include "workflow/on_call_approver.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <exception>
#include <string>

using namespace hallpass;
using namespace std::chrono_literals;

namespace {

const std::string reason = "alice is on call: schedule \"payments\", level 1";

struct schedule_world {
    schedule_world() { approver = make(); }

    ~schedule_world() { end(*approver); }

    std::unique_ptr<workflow::on_call_approver> make() {
        return std::make_unique<workflow::on_call_approver>(workflow::on_call_environment{
            context.get_executor(), service, auth, reviews, clock, log, jitter(1)});
    }

    void end(workflow::on_call_approver& one) {
        one.stop();
        bool ended = false;
        boost::asio::co_spawn(context, one.join(), [&](const std::exception_ptr&) { ended = true; });
        CHECK(clock.run_until([&] { return ended; }, 1min));
    }

    access::access_request create(const std::string& id = "r1") {
        access::access_request request;
        request.id = id;
        request.user = "alice";
        request.state = access::request_state::pending;
        auth.requests[id] = request;
        return request;
    }

    void pass(std::chrono::milliseconds time) {
        clock.run_until([] { return false; }, time);
    }

    boost::asio::io_context context;
    simulation::virtual_clock clock{context};
    simulation::simulated_auth auth;
    simulation::simulated_service service;
    test::simulated_reviews reviews{auth, clock};
    test::recorded_log log;
    std::unique_ptr<workflow::on_call_approver> approver;
};

fault unreachable(bool uncertain = false) {
    fault why(fault_kind::transient, "no answer");
    why.set_uncertain(uncertain);
    return why;
}

} // namespace

TEST_CASE("a request of somebody who is on call is approved once, with the reason") {
    schedule_world w;
    w.service.on_call_answers.emplace_back(reason);
    w.approver->changed(w.create());
    w.pass(1min);
    REQUIRE(w.reviews.submitted.size() == 1);
    CHECK(w.reviews.submitted[0].author.empty());
    CHECK(w.reviews.submitted[0].proposed == access::request_state::approved);
    CHECK(w.reviews.submitted[0].reason == reason);
    CHECK(w.log.has("on_call_approved service=slack request_id=r1 user=alice"));
    w.approver->changed(w.auth.requests["r1"]);
    CHECK(w.approver->size() == 0);
}

TEST_CASE("whoever isn't on call is asked about once, and not approved") {
    schedule_world w;
    w.approver->changed(w.create());
    w.pass(10min);
    w.approver->changed(w.auth.requests["r1"]);
    w.approver->listed({w.auth.requests["r1"]});
    w.pass(10min);
    CHECK(w.service.on_call_asked == 1);
    CHECK(w.reviews.submitted.empty());
    w.approver->listed({});
    CHECK(w.approver->size() == 0);
}

TEST_CASE("a schedule that can't be read is read again, for as long as the request is pending") {
    schedule_world w;
    for (int i = 0; i < 5; ++i) {
        w.service.on_call_answers.emplace_back(unreachable());
    }
    w.service.on_call_answers.emplace_back(reason);
    w.approver->changed(w.create());
    w.pass(30min);
    CHECK(w.service.on_call_asked == 6);
    CHECK(w.reviews.submitted.size() == 1);

    for (int i = 0; i < 1000; ++i) {
        w.service.on_call_answers.emplace_back(unreachable());
    }
    w.approver->changed(w.create("r2"));
    w.pass(10min);
    w.auth.requests["r2"].state = access::request_state::denied;
    w.approver->changed(w.auth.requests["r2"]);
    const int asked = w.service.on_call_asked;
    w.pass(10min);
    CHECK(w.service.on_call_asked == asked);
    CHECK(w.reviews.submitted.size() == 1);
}

TEST_CASE("a review whose answer was lost isn't submitted twice, and one that failed is submitted again") {
    schedule_world w;
    w.reviews.approvals_needed = 2;
    w.service.on_call_answers.emplace_back(reason);
    w.reviews.next_reviews.push_back({unreachable(), false});
    w.reviews.next_reviews.push_back({unreachable(true), true});
    w.approver->changed(w.create());
    w.pass(10min);
    CHECK(w.reviews.submitted.size() == 2);
    CHECK(w.auth.requests["r1"].reviews.size() == 1);
}

TEST_CASE("several instances, and a restart, review once") {
    schedule_world w;
    w.reviews.approvals_needed = 2;
    const auto other = w.make();
    for (int i = 0; i < 3; ++i) {
        w.service.on_call_answers.emplace_back(reason);
    }
    const auto request = w.create();
    w.approver->changed(request);
    other->changed(request);
    w.pass(10min);
    const auto restarted = w.make();
    restarted->listed({w.auth.requests["r1"]});
    w.pass(10min);
    CHECK(w.auth.requests["r1"].reviews.size() == 1);
    CHECK(w.log.errors == 0);
    w.end(*other);
    w.end(*restarted);
}

TEST_CASE("a role that may not review is told of once, as an error") {
    schedule_world w;
    w.reviews.reviewers.clear();
    w.service.on_call_answers.emplace_back(reason);
    w.approver->changed(w.create());
    w.pass(10min);
    CHECK(w.reviews.submitted.size() == 1);
    CHECK(w.log.errors == 1);
    CHECK(w.log.has("on_call_not_approved"));
}
