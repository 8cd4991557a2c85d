#include "access/card.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::access;

namespace {

access_request pending() {
    access_request request;
    request.id = "r1";
    request.user = "alice";
    request.roles = {"prod", "dev"};
    request.state = request_state::pending;
    return request;
}

const cluster with_page{"example.com", "https://example.com"};
const cluster without_page{"example.com", ""};

} // namespace

TEST_CASE("a card leads to the request's page, or tells what to type") {
    const card linked = make_card(pending(), with_page, audience::approver);
    CHECK(linked.link == "https://example.com/web/requests/r1");
    CHECK(linked.approve_command.empty());
    const card typed = make_card(pending(), without_page, audience::approver);
    CHECK(typed.link.empty());
    CHECK(typed.approve_command == "tsh request review --approve r1");
    CHECK(typed.deny_command == "tsh request review --deny r1");
}

TEST_CASE("what nobody can use any more isn't offered: not to the requester, not once it is resolved") {
    CHECK(make_card(pending(), without_page, audience::requester).approve_command.empty());
    access_request denied = pending();
    denied.state = request_state::denied;
    CHECK(make_card(denied, without_page, audience::approver).approve_command.empty());
}

TEST_CASE("roles and resources are sorted, and a title says what is asked for") {
    access_request request = pending();
    CHECK(make_card(request, with_page, audience::approver).roles == std::vector<std::string>{"dev", "prod"});
    CHECK(what_is_requested(make_card(request, with_page, audience::approver)) == "role request");
    requested_resource node;
    node.cluster = "c";
    node.kind = "node";
    node.name = "n";
    request.resources = {node};
    request.long_term = true;
    const card shown = make_card(request, with_page, audience::approver);
    CHECK(shown.resources == std::vector<std::string>{"/c/node/n"});
    CHECK(what_is_requested(shown) == "resource request (long-term access)");
}

TEST_CASE("a face changes with the state and with each review, and with nothing else") {
    access_request request = pending();
    CHECK(face_of(request) == "P0");
    request.request_reason = "other";
    CHECK(face_of(request) == "P0");
    request.reviews.resize(2);
    CHECK(face_of(request) == "P2");
    request.state = request_state::approved;
    CHECK(face_of(request) == "A2");
    CHECK(is_ahead_of("A3", request));
    CHECK_FALSE(is_ahead_of("P9", request));
    CHECK_FALSE(is_ahead_of("D2", request));
    CHECK_FALSE(is_ahead_of("", request));
}

TEST_CASE("a card says how many approvals it takes where one number counts for everybody") {
    access_request request = pending();
    CHECK_FALSE(make_card(request, with_page, audience::approver).approvals_needed);
    request.thresholds = {{"", "", 2, 1}};
    CHECK(make_card(request, with_page, audience::approver).approvals_needed == 2u);
    request.thresholds = {{"", "contains(reviewer.roles, \"dev\")", 2, 1}};
    CHECK_FALSE(make_card(request, with_page, audience::approver).approvals_needed);
    request.thresholds = {{"", "", 2, 1}, {"", "", 1, 1}};
    CHECK_FALSE(make_card(request, with_page, audience::approver).approvals_needed);
}

TEST_CASE("states are spelt as Teleport spells them, and unknown ones are none") {
    for (const auto state :
         {request_state::none, request_state::pending, request_state::approved, request_state::denied,
          request_state::promoted, request_state::expired}) {
        CHECK(parse_request_state(to_string(state)) == state);
    }
    CHECK(parse_request_state("SOMETHING_NEW") == request_state::none);
}
