#include "../services/golden.hpp"
#include "../services/samples.hpp"
#include "access/review_rules.hpp"
#include "services/slack/messages.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::slack;
using namespace hallpass::test;
using access::delivery_key;
using access::request_state;

namespace {

boost::json::object marked(boost::json::object message, const std::string& part = "card") {
    mark_message(message, delivery_key(sample_request().id, part));
    return message;
}

} // namespace

TEST_CASE("a pending request says who asks for what and why, until when, and where to decide") {
    check_golden("pending", marked(card_message(approver_card(sample_request()))));
}

TEST_CASE("the least of a request is still a message") {
    access::access_request request;
    request.id = "1";
    request.state = request_state::pending;
    check_golden("minimal", marked(card_message(access::make_card(request, {}, access::audience::approver))));
}

TEST_CASE("reviews stand on the card while it is pending") {
    check_golden("pending_reviewed", marked(card_message(approver_card(reviewed_request()))));
}

TEST_CASE("approvals that hallpass counts stand on the card as reviews do, with how many it takes") {
    access::state_rules rules;
    rules.approvers["*"] = {"bob@example.com", "carol@example.com"};
    rules.approvals["*"] = 2;
    const access::approval given{
        "bob@example.com", "slack", "U0BOB00001", *parse_rfc3339("2026-03-01T03:01:00Z"), "It is urgent."};
    const access::access_request request = access::with_approvals(rules, sample_request(), {given});
    check_golden("pending_by_state", marked(card_message(approver_card(request))));
}

TEST_CASE("every resolution has its words, and its reason") {
    const auto request = reviewed_request();
    check_golden(
        "approved",
        marked(card_message(approver_card(resolved(request, request_state::approved, "Go ahead."))))
    );
    check_golden(
        "denied",
        marked(card_message(approver_card(resolved(request, request_state::denied, "Not tonight."))))
    );
    check_golden(
        "expired", marked(card_message(approver_card(resolved(request, request_state::expired, ""))))
    );
    auto promoted = resolved(request, request_state::promoted, "Standing access.");
    promoted.promoted_access_list = "Database on-call";
    check_golden("promoted", marked(card_message(approver_card(promoted))));
}

TEST_CASE("a request for long-term access says so") {
    auto request = sample_request();
    request.long_term = true;
    request.max_duration = request.request_expires;
    request.assume_start = request.created;
    check_golden("long_term", marked(card_message(approver_card(request))));
}

TEST_CASE("where there is no web page the commands stand in its place, while there is something to decide") {
    const access::cluster no_page{"example", ""};
    const auto pending = sample_request();
    check_golden(
        "no_web_page", marked(card_message(access::make_card(pending, no_page, access::audience::approver)))
    );
    const auto denied = resolved(pending, request_state::denied, "");
    check_golden(
        "no_web_page_denied",
        marked(card_message(access::make_card(denied, no_page, access::audience::approver)))
    );
    check_golden(
        "no_web_page_requester",
        marked(card_message(access::make_card(pending, no_page, access::audience::requester)))
    );
}

TEST_CASE("the requester's copy speaks to the requester, and of no deciding") {
    check_golden("requester", marked(card_message(requester_card(sample_request()))));
}

TEST_CASE("a review is told in the thread") {
    const auto card = approver_card(reviewed_request());
    check_golden("review_approved", marked(review_message(card, 0), "review-1"));
    check_golden("review_denied", marked(review_message(card, 1), "review-2"));
}

TEST_CASE("the requester is told how it ended") {
    const auto request = reviewed_request();
    check_golden(
        "outcome_approved",
        marked(
            outcome_message(requester_card(resolved(request, request_state::approved, "Go ahead."))),
            "outcome"
        )
    );
    auto promoted = resolved(request, request_state::promoted, "");
    promoted.promoted_access_list = "Database on-call";
    check_golden("outcome_promoted", marked(outcome_message(requester_card(promoted)), "outcome"));
}

TEST_CASE("a card that can be decided on has buttons, and no other card has") {
    const auto request = reviewed_request();
    check_golden("pending_buttons", marked(card_message(approver_card(request), true)));
    const auto holds_buttons = [](const access::card& card) {
        const auto message = card_message(card, true);
        return message.at("blocks").as_array().back().at("type") == "actions";
    };
    CHECK(holds_buttons(approver_card(request)));
    CHECK_FALSE(holds_buttons(requester_card(request)));
    for (const auto state :
         {request_state::approved, request_state::denied, request_state::promoted, request_state::expired}) {
        CHECK_FALSE(holds_buttons(approver_card(resolved(request, state, ""))));
    }
    auto long_term = request;
    long_term.long_term = true;
    CHECK_FALSE(holds_buttons(approver_card(long_term)));
    auto odd = request;
    odd.id = std::string(300, 'x');
    CHECK_FALSE(holds_buttons(approver_card(odd)));
}

TEST_CASE("hostile text stays text") {
    const auto request = hostile_request();
    check_golden("hostile", marked(card_message(approver_card(request))));
    check_golden("hostile_review", marked(review_message(approver_card(request), 0), "review-1"));
    check_golden(
        "hostile_outcome",
        marked(
            outcome_message(requester_card(resolved(request, request_state::denied, request.request_reason))),
            "outcome"
        )
    );
}

TEST_CASE("a message is known again by its metadata, or by a block's id alone") {
    const delivery_key key("id-1", "review-1");
    auto message = card_message(approver_card(sample_request()));
    CHECK_FALSE(carries(message, key));
    mark_message(message, key);
    CHECK(carries(message, key));
    CHECK_FALSE(carries(message, delivery_key("id-1", "review-2")));
    CHECK_FALSE(carries(message, delivery_key("id-2", "review-1")));
    auto without_metadata = message;
    without_metadata.erase("metadata");
    CHECK(carries(without_metadata, key));
    message.erase("blocks");
    CHECK(carries(message, key));
    message["metadata"] = "nonsense";
    message["blocks"] = boost::json::array{1, "x", nullptr};
    CHECK_FALSE(carries(message, key));
}
