#include "../services/golden.hpp"
#include "../services/samples.hpp"
#include "base/text.hpp"
#include "services/msteams/activities.hpp"
#include "services/msteams/amounts.hpp"
#include "services/msteams/card.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::msteams;
using namespace hallpass::test;
using access::request_state;
namespace json = boost::json;

namespace {

json::object sent(const access::card& shown, json::object card) {
    return message_activity(
        std::move(card), summary_of(shown), {shown.request_id, "card"}, "0a990000-0000-4000-8000-00000000b017"
    );
}

json::object sent(const access::card& shown, const decision_form* form = nullptr) {
    return sent(shown, adaptive_card(shown, form));
}

decision_form sample_form() {
    decision_form form;
    form.proof = "proof";
    return form;
}

// Every text of the card stands where no markup is known.
void check_texts(const json::value& in) {
    if (in.is_array()) {
        for (const json::value& one : in.get_array()) {
            check_texts(one);
        }
    }
    if (!in.is_object()) {
        return;
    }
    const json::object& object = in.get_object();
    if (object.contains("type")) {
        CHECK(object.at("type") != "TextBlock");
        CHECK(object.at("type") != "FactSet");
    }
    if (object.contains("text")) {
        const std::string_view text = object.at("text").as_string();
        CHECK_FALSE(text.empty());
        CHECK(text.find("{{") == std::string_view::npos);
        CHECK(text.find('\n') == std::string_view::npos);
        CHECK(valid_utf8(text) == text);
    }
    for (const json::key_value_pair& member : object) {
        check_texts(member.value());
    }
}

} // namespace

TEST_CASE("a pending request says who asks for what and why, until when, and where to decide") {
    check_golden("pending", sent(approver_card(sample_request())));
}

TEST_CASE("a card to decide on has a reason, both buttons and a refresh") {
    const decision_form form = sample_form();
    check_golden("decidable", sent(approver_card(sample_request()), &form));
    decision_form strict = sample_form();
    strict.reason_always = strict.reason_for_denial = strict.confirm = true;
    check_golden("decidable_strict", sent(approver_card(sample_request()), &strict));
}

TEST_CASE("nobody decides on a resolved or long-term request, nor on the requester's copy") {
    const decision_form form = sample_form();
    auto long_term = approver_card(sample_request());
    long_term.long_term = true;
    for (const auto& card :
         {approver_card(resolved(sample_request(), request_state::approved, "")), long_term,
          requester_card(sample_request())}) {
        const std::string made = json::serialize(adaptive_card(card, &form));
        CHECK(made.find("Action.Execute") == std::string::npos);
        CHECK(made.find("Input.") == std::string::npos);
        CHECK(made.find("refresh") == std::string::npos);
    }
}

TEST_CASE("reviews and every resolution have their words and colours") {
    const auto request = reviewed_request();
    check_golden("reviewed", sent(approver_card(request)));
    check_golden("denied", sent(approver_card(resolved(request, request_state::denied, "Not tonight."))));
    auto promoted = resolved(request, request_state::promoted, "Standing access.");
    promoted.promoted_access_list = "Database on-call";
    check_golden("promoted", sent(approver_card(promoted)));
    check_golden("outcome", sent(requester_card(promoted), outcome_card(requester_card(promoted))));
    check_golden("review", sent(approver_card(request), review_card(approver_card(request), 1)));
}

TEST_CASE("where there is no web page the commands stand in its place") {
    const access::cluster no_page{"example", ""};
    check_golden(
        "no_web_page", sent(access::make_card(sample_request(), no_page, access::audience::approver))
    );
}

TEST_CASE("hostile text stays text") {
    auto request = hostile_request();
    request.request_reason +=
        "\n{{DATE(2026-01-01T00:00:00Z,SHORT)}} [x](https://evil.example) **b** <at>bob</at>";
    const auto card = approver_card(request);
    check_golden("hostile", sent(card));
    check_texts(adaptive_card(card));
    check_texts(review_card(card, 0));
    check_texts(outcome_card(requester_card(resolved(request, request_state::denied, request.request_reason)))
    );
}

TEST_CASE(
    "whatever is asked for, however long, the card stays within its limit, and keeps its buttons and link"
) {
    const decision_form form = sample_form();
    for (const std::string unit :
         {"x", "\"", "\\", "é", "日本", "😀", "{", "a\n", "\t", "\xff", "word ", "@here"}) {
        CAPTURE(unit);
        for (const auto state : {request_state::pending, request_state::denied, request_state::promoted}) {
            auto request = huge_request(unit);
            request.state = state;
            for (const bool with_logins : {true, false}) {
                if (!with_logins) {
                    request.logins_by_role.clear();
                }
                const auto shown = approver_card(request);
                const json::object made = adaptive_card(shown, &form);
                check_texts(made);
                const std::string text = json::serialize(made);
                CHECK(text.size() <= card_bytes);
                CHECK(text.find(shown.link) != std::string::npos);
                CHECK(
                    (text.find("Action.Execute") != std::string::npos) == (state == request_state::pending)
                );
            }
            CHECK(json::serialize(review_card(approver_card(request), 299)).size() <= card_bytes);
            CHECK(json::serialize(sent(approver_card(request))).size() <= card_bytes + 2000);
        }
    }
}

TEST_CASE("a link that would not open in a browser is none") {
    auto card = approver_card(sample_request());
    card.link = "javascript:alert(1)";
    CHECK(json::serialize(adaptive_card(card)).find("javascript") == std::string::npos);
}
