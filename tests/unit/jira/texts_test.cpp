#include "../services/golden.hpp"
#include "../services/samples.hpp"
#include "services/jira/markup.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services;
using namespace hallpass::services::jira;
using namespace hallpass::test;
using access::request_state;

namespace {

constexpr amounts room{4000, 2000, 200, 20, 5, 20, 10};

ticket_facts marked(ticket_facts facts, const std::string& part) {
    facts.push_back(mark_fact(access::delivery_key(sample_request().id, part)));
    return facts;
}

void check_both(std::string_view name, const ticket_facts& facts) {
    check_golden(std::string(name) + "_adf", to_adf(facts));
    check_golden(std::string(name) + "_wiki", boost::json::value(to_wiki(facts)));
}

} // namespace

TEST_CASE("an issue says who asks for what and why, until when, and where to decide") {
    check_both("request", marked(request_facts(approver_card(sample_request()), room), "card"));
    check_both("resources", marked(request_facts(approver_card(reviewed_request()), room), "card"));
}

TEST_CASE("a comment tells a review, and how it ended") {
    const auto card = approver_card(reviewed_request());
    check_both("review", marked(review_facts(card, 1, room), "review-2"));
    auto promoted = resolved(reviewed_request(), request_state::promoted, "Standing access.");
    promoted.promoted_access_list = "Database on-call";
    check_both("outcome", marked(outcome_facts(approver_card(promoted), room), "resolution"));
}

TEST_CASE("hostile text stays text") {
    const auto request = hostile_request();
    check_both("hostile", marked(request_facts(approver_card(request), room), "card"));
    CHECK(escaped_wiki("[~admin] {html}") == "&#91;&#126;admin&#93; &#123;html&#125;");
    CHECK(
        escaped_wiki("!x.png! a|b https://e.example :)") ==
        "&#33;x.png&#33; a&#124;b https&#58;//e.example &#58;&#41;"
    );
    CHECK(escaped_wiki("h1. bq. www.x") == "h1&#46; bq. www&#46;x");
    CHECK(
        escaped_wiki("prod-admin db_reader -gone- _x_ me@example.com") ==
        "prod-admin db_reader &#45;gone&#45; &#95;x&#95; me@example.com"
    );
    CHECK(escaped_wiki("a\\\\b") == "a&#92;&#92;b");
}

TEST_CASE("a mark is found at the end of what Jira gives back, and nowhere else") {
    const access::delivery_key key(sample_request().id, "review-1");
    const ticket_facts facts = marked(review_facts(approver_card(reviewed_request()), 0, room), "review-1");
    CHECK(ends_with_mark(text_of_body(to_adf(facts)), key));
    CHECK(ends_with_mark(text_of_body(boost::json::value(to_wiki(facts))), key));
    CHECK_FALSE(ends_with_mark(text_of_body(to_adf(facts)), access::delivery_key(key.request_id, "review-2"))
    );
    auto quoting = reviewed_request();
    quoting.reviews[0].reason = mark_text(key);
    const ticket_facts other = marked(review_facts(approver_card(quoting), 0, room), "review-9");
    CHECK_FALSE(ends_with_mark(text_of_body(to_adf(other)), key));
    CHECK_FALSE(ends_with_mark(text_of_body(boost::json::value(to_wiki(other))), key));
}

TEST_CASE("whatever is asked for, however long, it fits, and neither who nor id nor link is lost") {
    for (const std::string unit : {"x", "\"", "日本", "😀", "{", "a\n", "\xff", "&", "word "}) {
        CAPTURE(unit);
        const auto card = approver_card(huge_request(unit));
        const std::string wiki =
            fitted(30000, [&](const amounts& tried) { return to_wiki(request_facts(card, tried)); });
        const std::string adf = fitted(30000, [&](const amounts& tried) {
            return boost::json::serialize(to_adf(request_facts(card, tried)));
        });
        for (const std::string& text : {wiki, adf}) {
            CHECK(text.size() <= 30000);
            CHECK(text.find(card.link) != std::string::npos);
            CHECK(text.find(card.request_id) != std::string::npos);
            CHECK(text.find(" more") != std::string::npos);
        }
        CHECK(ticket_title(card, 250).size() <= 250);
        CHECK(ticket_title(card, 250).find('\n') == std::string::npos);
    }
}
