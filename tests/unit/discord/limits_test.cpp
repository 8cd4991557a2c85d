#include "../services/samples.hpp"
#include "base/text.hpp"
#include "services/discord/markup.hpp"
#include "services/discord/messages.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::discord;
using namespace hallpass::test;
namespace json = boost::json;

namespace {

// Checks one text of an embed and gives its size.
std::size_t size_of(const json::object& in, std::string_view name, std::size_t most) {
    const json::value* found = in.if_contains(name);
    if (!found) {
        return 0;
    }
    const std::string_view text = found->as_string();
    CHECK_FALSE(trimmed(text).empty());
    CHECK(text.size() <= most);
    CHECK(valid_utf8(text) == text);
    return text.size();
}

// Discord's limits, api-messaging 2.1; bytes where Discord counts characters.
void check_limits(const json::object& message) {
    CHECK(size_of(message, "content", 2000) > 0);
    const json::array& embeds = message.at("embeds").as_array();
    CHECK(embeds.size() <= 10);
    std::size_t all = 0;
    for (const json::value& embed : embeds) {
        const json::object& one = embed.as_object();
        all += size_of(one, "title", 256) + size_of(one, "description", 4096);
        if (one.contains("author")) {
            all += size_of(one.at("author").as_object(), "name", 256);
        }
        if (one.contains("fields")) {
            CHECK(one.at("fields").as_array().size() <= 25);
            for (const json::value& field : one.at("fields").as_array()) {
                all += size_of(field.as_object(), "name", 256) + size_of(field.as_object(), "value", 1024);
            }
        }
    }
    CHECK(all <= 6000);
}

const std::vector<std::string> units{"x", "\"", "\\",  "é",  "日本", "😀",    "`",
                                     "<", "*",  "a\n", "\t", "\xff", "word ", "@here"};

} // namespace

TEST_CASE("whatever is asked for, however long, Discord's limits hold, and neither link nor key is lost") {
    using access::request_state;
    for (const std::string& unit : units) {
        CAPTURE(unit);
        for (const auto state :
             {request_state::pending, request_state::approved, request_state::denied, request_state::promoted,
              request_state::expired}) {
            auto request = huge_request(unit);
            request.state = state;
            for (const bool with_logins : {true, false}) {
                if (!with_logins) {
                    request.logins_by_role.clear();
                }
                for (const auto& card : {approver_card(request), requester_card(request)}) {
                    const access::delivery_key key(request.id, "card");
                    auto message = card_message(card);
                    mark_message(message, key);
                    check_limits(message);
                    CHECK(carries(message, key));
                    const std::string_view content = message.at("content").as_string();
                    CHECK(content.find("](<" + card.link + ">)") != std::string_view::npos);
                }
            }
            auto reply = review_message(approver_card(request), 299);
            mark_message(reply, access::delivery_key(request.id, "review-300"));
            check_limits(reply);
            auto outcome = outcome_message(requester_card(request));
            mark_message(outcome, access::delivery_key(request.id, "outcome"));
            check_limits(outcome);
        }
    }
}

TEST_CASE("a key of any length still fits, and is found again") {
    const access::delivery_key key(std::string(5000, '`'), std::string(5000, '*'));
    auto message = card_message(approver_card(huge_request("*")));
    mark_message(message, key);
    check_limits(message);
    CHECK(carries(message, key));
}

TEST_CASE("what is left out is counted") {
    auto request = reviewed_request();
    request.resources.clear();
    request.roles.clear();
    for (int i = 100; i < 200; ++i) {
        request.roles.push_back("role-" + std::to_string(i));
    }
    const access::review one = request.reviews.front();
    request.reviews.assign(12, one);
    const auto message = card_message(approver_card(request));
    const std::string embeds = json::serialize(message.at("embeds"));
    CHECK(message.at("embeds").as_array().size() == 10);
    CHECK(embeds.find("the newest 9 of 12") != std::string::npos);
    CHECK(embeds.find("`role-124` and 75 more") != std::string::npos);
}

TEST_CASE("a text that was cut says so, and a link too long or not plain is left out, never cut") {
    auto request = sample_request();
    request.request_reason = std::string(20000, 'x');
    const auto cut = json::serialize(card_message(approver_card(request)));
    CHECK(cut.find("x (truncated)\\n```") != std::string::npos);
    auto card = approver_card(sample_request());
    for (const std::string& link :
         {"https://example.com/" + std::string(4000, 'a'),
          std::string("https://example.com/>)[x](https://e")}) {
        card.link = link;
        CHECK(json::serialize(card_message(card)).find("https://e") == std::string::npos);
    }
}

TEST_CASE("user text is shown as it is written") {
    CHECK(escaped("a*b_c*") == "a\\*b_c\\*");
    CHECK(escaped("_x_") == "\\_x\\_");
    CHECK(escaped("<@1> <#2> <t:1:R> :skull: x: y") == "\\<@1\\> \\<\\#2\\> \\<t\\:1\\:R\\> \\:skull: x: y");
    CHECK(escaped("discord.gg/abc db/orders") == "discord.gg\\/abc db/orders");
    CHECK(escaped("https://evil.example") == "https\\:\\/\\/evil.example");
    CHECK(escaped("[a](b)") == "\\[a\\](b)");
    CHECK(
        escaped("@everyone @here me@hereby") == "@\xE2\x80\x8B"
                                                "everyone @\xE2\x80\x8B"
                                                "here me@\xE2\x80\x8B"
                                                "hereby"
    );
    CHECK(escaped("alice@example.com") == "alice@example.com");
    CHECK(in_code("a`b") == "`aˋb`");
    CHECK(in_code("") == "(empty)");
    CHECK(fenced("```\nx") == "```\nˋˋˋ\nx\n```");
}
