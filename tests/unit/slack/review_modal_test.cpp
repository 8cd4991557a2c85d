#include "../services/golden.hpp"
#include "../services/samples.hpp"
#include "services/slack/review_modal.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::slack;
using namespace hallpass::test;
using access::verdict;
namespace json = boost::json;

namespace {

form_facts facts_for(verdict what, bool confirm) {
    form_facts facts;
    facts.request_id = sample_request().id;
    facts.what = what;
    facts.message = access::message_ref("C0123ABCD", "1700000000.000100");
    facts.confirm = confirm;
    facts.link = approver_card(sample_request()).link;
    return facts;
}

void check_limits(const json::object& view) {
    CHECK(json::serialize(view).size() <= 250'000);
    CHECK(view.at("title").at("text").as_string().size() <= 24);
    CHECK(view.at("blocks").as_array().size() <= 100);
    for (const json::value& block : view.at("blocks").as_array()) {
        if (block.at("type") == "section") {
            CHECK(block.at("text").at("type") == "plain_text");
            CHECK(block.at("text").at("text").as_string().size() <= 3000);
            CHECK_FALSE(block.at("text").at("text").as_string().empty());
        }
    }
    if (const json::value* kept = view.if_contains("private_metadata")) {
        CHECK(kept->as_string().size() <= 3000);
    }
}

} // namespace

TEST_CASE("a form says what is decided on, and asks for what the rules want") {
    const auto card = approver_card(reviewed_request());
    check_golden("form_approve", form_view(card, facts_for(verdict::approve, true), false));
    check_golden("form_deny", form_view(card, facts_for(verdict::deny, false), true));
}

TEST_CASE("a form of which only the id is known is still a form") {
    access::card card;
    card.request_id = sample_request().id;
    check_golden("form_unknown", form_view(card, facts_for(verdict::deny, false), false));
}

TEST_CASE("the wait and the outcome are views without anything to send") {
    check_golden("view_working", working_view(verdict::approve));
    check_golden("view_outcome", outcome_view("You may not review this request. <!channel> *x*"));
}

TEST_CASE("whatever is asked for, however long, a view keeps Slack's limits") {
    for (const std::string unit : {"x", "\"", "日本", "😀", "a\n", "\xff", "word "}) {
        CAPTURE(unit);
        auto facts = facts_for(verdict::approve, true);
        facts.link = "https://x/" + std::string(5000, 'a');
        check_limits(form_view(approver_card(huge_request(unit)), facts, true));
        std::string words;
        while (words.size() < 9000) {
            words += unit;
        }
        check_limits(outcome_view("by " + words));
    }
    check_limits(form_view(approver_card(hostile_request()), facts_for(verdict::deny, false), true));
}
