#include "../services/golden.hpp"
#include "../services/samples.hpp"
#include "services/discord/messages.hpp"

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::discord;
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

TEST_CASE("where it can be decided on it has buttons, and a requester's copy has none") {
    check_golden("pending_buttons", marked(card_message(approver_card(sample_request()), true)));
    CHECK(card_message(requester_card(sample_request()), true).at("components").as_array().empty());
    auto lasting = sample_request();
    lasting.long_term = true;
    CHECK(card_message(approver_card(lasting), true).at("components").as_array().empty());
}

TEST_CASE("the least of a request is still a message") {
    access::access_request request;
    request.id = "1";
    request.state = request_state::pending;
    check_golden("minimal", marked(card_message(access::make_card(request, {}, access::audience::approver))));
}

TEST_CASE("each review stands on the card as an embed") {
    check_golden("reviewed", marked(card_message(approver_card(reviewed_request()))));
}

TEST_CASE("every resolution has its words, its colour and its reason") {
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

TEST_CASE("where there is no web page the commands stand in its place") {
    const access::cluster no_page{"example", ""};
    check_golden(
        "no_web_page",
        marked(card_message(access::make_card(sample_request(), no_page, access::audience::approver)))
    );
}

TEST_CASE("the requester's copy speaks to the requester, and of no deciding") {
    check_golden("requester", marked(card_message(requester_card(sample_request()))));
}

TEST_CASE("a review is told in a reply, and the requester how it ended") {
    const auto card = approver_card(reviewed_request());
    check_golden("review_approved", marked(review_message(card, 0), "review-1"));
    check_golden("review_denied", marked(review_message(card, 1), "review-2"));
    auto promoted = resolved(reviewed_request(), request_state::promoted, "Standing access.");
    promoted.promoted_access_list = "Database on-call";
    check_golden("outcome", marked(outcome_message(requester_card(promoted)), "outcome"));
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
