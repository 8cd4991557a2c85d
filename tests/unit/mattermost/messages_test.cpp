#include "../services/golden.hpp"
#include "../services/samples.hpp"
#include "services/mattermost/interaction.hpp"
#include "services/mattermost/markup.hpp"
#include "services/mattermost/messages.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services;
using namespace hallpass::services::mattermost;
using namespace hallpass::test;
using namespace std::chrono_literals;
using access::delivery_key;
using access::request_state;
namespace json = boost::json;

namespace {

const std::string breaker = "\xE2\x80\x8B";

delivery_key key_of(const std::string& part = "card") {
    return delivery_key(sample_request().id, part);
}

json::object approver_post(const access::access_request& request) {
    return card_message(approver_card(request), key_of());
}

} // namespace

TEST_CASE("a pending request says who asks for what and why, until when, and where to decide") {
    check_golden("pending", approver_post(sample_request()));
}

TEST_CASE("a server that offers blocks gets the card and its buttons in both formats, and they call the same"
) {
    const seal by(secret("a token"), "label");
    const auto card = approver_card(sample_request());
    const std::string channel = "channelchannelchannel00001";
    const json::array buttons = buttons_for(card, channel, "https://hallpass.example/x", by, instant(1h));
    const json::object post = card_message(card, key_of(), buttons, true);
    const json::object& props = post.at("props").as_object();
    const json::object& registry = props.at("mm_blocks_actions").as_object();
    REQUIRE(registry.size() == 2);
    for (const json::value& button : buttons) {
        const json::object& entry = registry.at(button.at("id").as_string()).as_object();
        CHECK(entry.at("type") == "external");
        CHECK(entry.at("url") == button.at("integration").at("url"));
        CHECK(entry.at("context") == button.at("integration").at("context"));
    }
    CHECK(props.at("attachments").at(0).at("actions") == buttons);
    json::object shown = card_message(card, key_of(), {}, true);
    CHECK_FALSE(shown.at("props").as_object().contains("mm_blocks_actions"));
    check_golden("blocks", shown);
    CHECK_FALSE(card_message(card, key_of(), buttons).at("props").as_object().contains("mm_blocks"));
}

TEST_CASE("a card whose texts don't fit into blocks is an attachment alone, so that no button is cut off") {
    auto request = sample_request();
    request.request_reason = std::string(4000, 'x');
    for (int i = 0; i < 400; ++i) {
        request.roles.push_back("a-role-with-a-long-name-" + std::to_string(i));
        access::review one;
        one.author = std::string(180, 'z');
        request.reviews.push_back(one);
    }
    request.state = request_state::denied;
    request.resolve_reason = std::string(4000, 'y');
    const auto card = approver_card(request);
    CHECK_FALSE(card_message(card, key_of(), {}, true).at("props").as_object().contains("mm_blocks"));
}

TEST_CASE("the least of a request is still a post") {
    access::access_request request;
    request.id = "1";
    request.state = request_state::pending;
    const auto card = access::make_card(request, {}, access::audience::approver);
    check_golden("minimal", card_message(card, delivery_key("1", "card")));
}

TEST_CASE("each review stands on the card, and every resolution has its words, colour and reason") {
    const auto request = reviewed_request();
    check_golden("reviewed", approver_post(request));
    check_golden("approved", approver_post(resolved(request, request_state::approved, "Go ahead.")));
    check_golden("denied", approver_post(resolved(request, request_state::denied, "Not tonight.")));
    check_golden("expired", approver_post(resolved(request, request_state::expired, "")));
    auto promoted = resolved(request, request_state::promoted, "Standing access.");
    promoted.promoted_access_list = "Database on-call";
    check_golden("promoted", approver_post(promoted));
    check_golden("outcome", outcome_message(requester_card(promoted), key_of("outcome")));
}

TEST_CASE("where there is no web page the commands stand in its place") {
    const access::cluster no_page{"example", ""};
    const auto card = access::make_card(sample_request(), no_page, access::audience::approver);
    check_golden("no_web_page", card_message(card, key_of()));
}

TEST_CASE("the requester's copy speaks to the requester, and of no deciding") {
    check_golden("requester", card_message(requester_card(sample_request()), key_of()));
}

TEST_CASE("a review is told in a reply") {
    const auto card = approver_card(reviewed_request());
    check_golden("review_approved", review_message(card, 0, key_of("review-1")));
    check_golden("review_denied", review_message(card, 1, key_of("review-2")));
}

TEST_CASE("hostile text stays text") {
    const auto request = hostile_request();
    check_golden("hostile", approver_post(request));
    check_golden("hostile_review", review_message(approver_card(request), 0, key_of("review-1")));
}

TEST_CASE("a stranger's text mentions, links and formats nothing") {
    CHECK(escaped("@channel @all") == "@" + breaker + "channel @" + breaker + "all");
    CHECK(escaped("alice@example.com") == "alice@example.com");
    CHECK(escaped("#tag ~town") == "#" + breaker + "tag ~" + breaker + "town");
    CHECK(escaped("https://evil.example") == "https:" + breaker + "//evil.example");
    CHECK(escaped("www.evil.example") == "www." + breaker + "evil.example");
    CHECK(escaped(":smile:") == ":" + breaker + "smile:");
    CHECK(escaped("user: x") == "user: x");
    CHECK(
        escaped("a_b *c* `d` [e](f) <g> $h$ |") == "a_b \\*c\\* \\`d\\` \\[e\\]\\(f\\) \\<g\\> \\$h\\$ \\|"
    );
    CHECK(escaped("_a_") == "\\_a\\_");
    CHECK(in_code("a`@all") == "`aˋ@all`");
    CHECK(in_code("") == "(empty)");
    CHECK(fenced("```\nx") == "```\nˋˋˋ\nx\n```");
}

TEST_CASE("whatever is asked for, however long, Mattermost's limits hold, and neither link nor key is lost") {
    for (const std::string& unit :
         {std::string("x"), std::string("\\"), std::string("日本"), std::string("`"), std::string("a\n"),
          std::string("\xff"), std::string("@here ")}) {
        CAPTURE(unit);
        auto request = huge_request(unit);
        for (const auto state : {request_state::pending, request_state::denied, request_state::promoted}) {
            request.state = state;
            for (const auto& card : {approver_card(request), requester_card(request)}) {
                const json::object post = card_message(card, delivery_key(request.id, "card"));
                CHECK(post.at("message").as_string().size() <= least_room);
                CHECK(json::serialize(post.at("props")).size() < 100'000);
                CHECK(carries(post, delivery_key(request.id, "card")));
                CHECK(json::serialize(post).find("](" + card.link + ")") != std::string::npos);
            }
            const auto card = approver_card(request);
            for (const std::size_t room : {least_room, most_room}) {
                CHECK(review_message(card, 299, key_of(), room).at("message").as_string().size() <= room);
                CHECK(outcome_message(card, key_of(), room).at("message").as_string().size() <= room);
            }
        }
    }
}

TEST_CASE("where the server takes more, more of a reason is told") {
    auto request = reviewed_request();
    request.reviews[0].reason = std::string(5000, 'x');
    const auto card = approver_card(request);
    const std::string cut = json::serialize(review_message(card, 0, key_of(), least_room));
    CHECK(cut.find("(truncated)") != std::string::npos);
    const std::string whole = json::serialize(review_message(card, 0, key_of(), most_room));
    CHECK(whole.find("(truncated)") == std::string::npos);
}

TEST_CASE("what is left out is counted, and what was cut says so") {
    auto request = reviewed_request();
    request.resources.clear();
    request.roles.clear();
    for (int i = 1000; i < 1400; ++i) {
        request.roles.push_back("role-" + std::to_string(i));
    }
    request.reviews.assign(30, request.reviews.front());
    request.request_reason = std::string(9000, 'x');
    const std::string text = json::serialize(approver_post(request));
    CHECK(text.find(" more") != std::string::npos);
    CHECK(text.find("the newest 25 of 30:") != std::string::npos);
    CHECK(text.find("x (truncated)\\n```") != std::string::npos);
}

TEST_CASE("a key is found only where it was put") {
    const json::object post = approver_post(sample_request());
    CHECK(carries(post, key_of()));
    CHECK_FALSE(carries(post, key_of("review-1")));
    CHECK_FALSE(carries(post, delivery_key("another", "card")));
    CHECK_FALSE(carries(json::object{{"props", "x"}}, key_of()));
}

TEST_CASE("a note keeps its link, and escapes the rest") {
    CHECK(
        note("Recorded by @all: see https://t.example/x.", "https://t.example/x") ==
        "Recorded by @" + breaker + "all: see https://t.example/x."
    );
    CHECK(note("see https://e.example", "") == "see https:" + breaker + "//e.example");
}
