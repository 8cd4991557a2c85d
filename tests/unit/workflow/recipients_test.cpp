// Who is told of a request, and what is said where nobody is.
#include "unit/workflow/world.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using test::world;
using namespace std::chrono_literals;

namespace {

std::ptrdiff_t lines_with(const world& w, std::string_view event) {
    return std::count_if(w.log.lines.begin(), w.log.lines.end(), [&](const std::string& line) {
        return line.starts_with(event);
    });
}

} // namespace

TEST_CASE("the requester gets a copy, and is told the outcome once") {
    world w;
    w.service.requesters["alice@example.com"] = "U1";
    auto& hallpass = w.start();
    hallpass.changed(w.create("r1", "alice@example.com"));
    w.clock.run_ready();
    REQUIRE(w.service.cards().size() == 2);
    hallpass.changed(w.resolve("r1", access::request_state::approved));
    CHECK(w.settle());
    int told = 0;
    for (const auto& one : w.service.messages) {
        told += one.key.part == "outcome" ? 1 : 0;
    }
    CHECK(told == 1);
}

TEST_CASE("two recipients that are one address get one message") {
    world w;
    w.routing.role_to_recipients["*"] = {"#access", "access"};
    w.start().changed(w.create());
    w.clock.run_ready();
    CHECK(w.service.cards().size() == 1);
}

TEST_CASE("P1 a recipient that doesn't exist is reported, and the others are served") {
    world w;
    w.routing.role_to_recipients["*"] = {"#gone", "#access"};
    w.service.unknown_recipients = {"#gone"};
    w.start().changed(w.create());
    w.clock.run_ready();
    CHECK(w.service.cards().size() == 1);
    CHECK(w.log.has("recipient_not_resolved service=slack request_id=r1 recipient=#gone"));
    w.service.unknown_recipients.clear();
    CHECK(w.clock.run_until([&] { return w.service.cards().size() == 2; }, 2h));
}

TEST_CASE("a request that nobody is to be told of is warned of once, whoever names the recipients") {
    for (const bool by_service : {false, true}) {
        CAPTURE(by_service);
        world w;
        w.routing.role_to_recipients.clear();
        if (by_service) {
            w.routing.role_to_recipients["*"] = {"#nobody-asks-for-it"};
            w.service.own_recipients.emplace();
        }
        auto& hallpass = w.start();
        hallpass.changed(w.create());
        w.clock.run_until([] { return false; }, 1min);
        CHECK(w.log.has("no_recipient service=slack request_id=r1 roles=editor"));
        hallpass.changed(w.review("r1", "bob", access::request_state::approved));
        hallpass.listed({w.auth.requests["r1"]});
        w.clock.run_until([] { return false; }, 1min);
        CHECK(lines_with(w, "no_recipient") == 1);
        hallpass.changed(w.create("r2"));
        w.clock.run_ready();
        CHECK(lines_with(w, "no_recipient") == 2);
        CHECK(w.service.messages.empty());
    }
}

TEST_CASE("a service that names its recipients is asked for each request") {
    world w;
    w.service.own_recipients = {"#database"};
    w.start().changed(w.create());
    w.clock.run_ready();
    REQUIRE(w.service.cards().size() == 1);
    CHECK(w.service.cards()[0].to.id == "database");
    CHECK(lines_with(w, "no_recipient") == 0);
}
