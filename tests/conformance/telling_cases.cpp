#include "cases.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace hallpass::test::conformance {

namespace json = boost::json;

namespace {

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// Replies that are a review by that person with those words: the outcome may have the words, too.
std::size_t reviews_in(const stage& on, const message& told, std::string_view by, std::string_view words) {
    return static_cast<std::size_t>(std::ranges::count_if(told.replies, [&](const std::string& one) {
        const bool is_outcome = !on.row.outcome.empty() && has(one, on.row.outcome);
        return !is_outcome && has(one, by) && has(one, words);
    }));
}

void post(stage& on) {
    const std::string id = on.request(on.row.one);
    const std::vector<message> there = on.wait_until_told(id, on.row.one);
    for (const char* part : {"dan", "dba", "the nightly job fails"}) {
        CAPTURE(part);
        CHECK(has(there[0].text, part));
    }
    CHECK(on.is_pending(there[0]));
    CHECK_FALSE(there[0].edited);
    CHECK(on.state_of(id) == "PENDING");
}

void two_recipients(stage& on) {
    const std::string id = on.request(on.row.two);
    CHECK(on.wait_until_told(id, on.row.two).size() == 2);
    on.review(id, "bob@example.com", "APPROVED");
    const std::vector<message> ended = on.wait_for_end(id, on.row.two, "APPROVED");
    CHECK(ended.size() == 2);
    for (const message& one : ended) {
        CAPTURE(one.place);
        CHECK(reviews_in(on, one, "bob@example.com", "seen and judged") == 1);
    }
}

// One is found by what people call it; one isn't there, is named in the log, and holds nobody up.
void look_up_of_recipients(stage& on) {
    const std::string id = on.request(on.row.looked_up);
    on.wait_until_told(id, on.row.looked_up);
    on.wait_until_logged(on.row.looked_up.unknown, 0);
}

void review(stage& on) {
    const std::string id = on.request(on.row.one, {{"approvals", 2}});
    on.wait_until_told(id, on.row.one);
    on.review(id, "bob@example.com", "APPROVED");
    const std::vector<message> there = on.wait_for("the review", id, [&](const auto& all) {
        return reviews_in(on, all.at(0), "bob@example.com", "seen and judged") == 1;
    });
    REQUIRE(there.size() == 1);
    CHECK(reviews_in(on, there[0], "bob@example.com", "APPROVED") == 1);
    CHECK(on.state_of(id) == "PENDING");
    CHECK(on.is_pending(there[0]));
}

void two_reviews(stage& on) {
    const std::string id = on.request(on.row.one, {{"approvals", 2}});
    on.wait_until_told(id, on.row.one);
    on.review(id, "bob@example.com", "APPROVED", "the first to look");
    on.review(id, "carol@example.com", "APPROVED", "the second to look");
    on.wait_for_end(id, on.row.one, "APPROVED");
    const std::vector<message> there = on.wait_for("both reviews, once each", id, [&](const auto& all) {
        return reviews_in(on, all.at(0), "bob@example.com", "the first to look") == 1 &&
               reviews_in(on, all.at(0), "carol@example.com", "the second to look") == 1;
    });
    const auto at = [&](std::string_view words) {
        return std::ranges::find_if(there[0].replies, [&](const std::string& one) {
            return has(one, words);
        });
    };
    CHECK(at("the first to look") <= at("the second to look"));
    CHECK(has(*at("the second to look"), "carol@example.com"));
}

void end_by_review(stage& on, std::string_view state) {
    const std::string id = on.request(on.row.one);
    on.wait_until_told(id, on.row.one);
    on.review(id, "bob@example.com", state);
    const std::vector<message> ended = on.wait_for_end(id, on.row.one, state);
    REQUIRE(ended.size() == 1);
    CHECK(on.state_of(id) == state);
    CHECK(reviews_in(on, ended[0], "bob@example.com", "seen and judged") == 1);
}

void approve(stage& on) {
    end_by_review(on, "APPROVED");
}

void deny(stage& on) {
    end_by_review(on, "DENIED");
}

void promote(stage& on) {
    end_by_review(on, "PROMOTED");
}

void expire(stage& on) {
    const std::string id = on.request(on.row.one, {{"lifetime_ms", 2000}});
    on.wait_until_told(id, on.row.one);
    CHECK(on.wait_for_end(id, on.row.one, "EXPIRED").size() == 1);
}

// As long as Teleport takes it, in letters of several bytes.
std::string long_text(std::string start) {
    constexpr std::size_t most_bytes = 4096;
    while (start.size() + 4 <= most_bytes) {
        start += start.size() % 3 == 0 ? "ž " : "語 ";
    }
    return start;
}

void long_words(stage& on) {
    json::array roles{on.row.one.role};
    for (int i = 0; i < 60; ++i) {
        roles.push_back(json::string("a-role-whose-name-goes-on-and-on-" + std::to_string(i)));
    }
    const std::string id =
        on.request(on.row.one, {{"reason", long_text("a long story: ")}, {"roles", roles}});
    const std::vector<message> there = on.wait_until_told(id, on.row.one);
    CHECK(has(there[0].text, "a long story"));
    on.review(id, "bob@example.com", "APPROVED", long_text("a long judgement: "));
    const std::vector<message> ended = on.wait_for_end(id, on.row.one, "APPROVED");
    REQUIRE(ended.size() == 1);
    CHECK(reviews_in(on, ended[0], "bob@example.com", "a long judgement") == 1);
}

constexpr const char* hostile =
    "needle ``` ` ```` <!channel> <@U0BOB00001> @channel @everyone [~admin] {html} [code]<b>x</b>[/code] "
    "<script>alert(1)</script> [look](https://evil.example) <https://evil.example|look> *b* _i_ `c` ~s~ "
    "{{DATE(1)}}"
    "\r\n.\r\nBcc: eve@evil.example\r\n\x07\x1b[31m \xe2\x80\xae rtl";

void hostile_words(stage& on) {
    const std::string id = on.request(on.row.one, {{"reason", hostile}});
    const std::vector<message> there = on.wait_until_told(id, on.row.one);
    CHECK(has(there[0].text, "needle"));
    on.review(id, "bob@example.com", "DENIED", hostile);
    const std::vector<message> ended = on.wait_for_end(id, on.row.one, "DENIED");
    REQUIRE(ended.size() == 1);
    CHECK(reviews_in(on, ended[0], "bob@example.com", "needle") == 1);
    for (const message& one : {there[0], ended[0]}) {
        for (const std::string& never : on.row.never) {
            CAPTURE(never);
            CHECK_FALSE(has(one.markup, never));
        }
        CHECK_FALSE(has(one.markup, "\x07"));
        CHECK_FALSE(has(one.markup, "\x1b"));
        CHECK_FALSE(has(one.markup, "\xe2\x80\xae"));
    }
}

} // namespace

std::span<const conformance_case> telling_cases() {
    static constexpr std::array all{
        conformance_case{"post", post},
        conformance_case{"two recipients", two_recipients},
        conformance_case{"look-up of recipients", look_up_of_recipients},
        conformance_case{"review", review},
        conformance_case{"two reviews", two_reviews},
        conformance_case{"approve", approve},
        conformance_case{"deny", deny},
        conformance_case{"promote", promote},
        conformance_case{"expire", expire},
        conformance_case{"long text", long_words},
        conformance_case{"hostile text", hostile_words}};
    return all;
}

} // namespace hallpass::test::conformance
