#include "../services/samples.hpp"
#include "base/text.hpp"
#include "services/slack/card_blocks.hpp"
#include "services/slack/messages.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <functional>
#include <map>

using namespace hallpass;
using namespace hallpass::services::slack;
using namespace hallpass::test;
namespace json = boost::json;

namespace {

void each_text(const json::value& in, const std::function<void(std::string_view)>& visit) {
    if (const auto* text = in.if_string()) {
        visit(*text);
    } else if (const auto* array = in.if_array()) {
        for (const json::value& member : *array) {
            each_text(member, visit);
        }
    } else if (const auto* object = in.if_object()) {
        for (const auto& member : *object) {
            each_text(member.value(), visit);
        }
    }
}

std::size_t count_type(const json::value& in, std::string_view type) {
    std::size_t count = 0;
    if (const auto* array = in.if_array()) {
        for (const json::value& member : *array) {
            count += count_type(member, type);
        }
    } else if (const auto* object = in.if_object()) {
        const json::value* own = object->if_contains("type");
        count += own && *own == json::value(type) ? 1U : 0U;
        for (const auto& member : *object) {
            count += count_type(member.value(), type);
        }
    }
    return count;
}

// Slack's limits, api-messaging 1.3.
void check_limits(const json::object& message) {
    CHECK(message.at("text").as_string().size() <= 4000);
    CHECK_FALSE(message.at("text").as_string().empty());
    const json::array& blocks = message.at("blocks").as_array();
    CHECK(blocks.size() <= 50);
    CHECK(json::serialize(blocks).size() <= 12000);
    for (const json::value& block : blocks) {
        const json::object& object = block.as_object();
        const std::string_view type = object.at("type").as_string();
        if (type == "header") {
            CHECK(object.at("text").at("text").as_string().size() <= 150);
            CHECK_FALSE(object.at("text").at("text").as_string().empty());
        } else if (type == "actions") {
            CHECK(object.at("elements").as_array().size() == 2);
        } else {
            CHECK(type == "rich_text");
        }
        if (const json::value* id = object.if_contains("block_id")) {
            CHECK(id->as_string().size() <= 255);
        }
    }
    each_text(message, [](std::string_view text) {
        CHECK_FALSE(text.empty());
        CHECK(text.size() <= 3000 + 1000);
        CHECK(valid_utf8(text) == text);
    });
}

bool holds(const json::object& message, std::string_view wanted) {
    bool found = false;
    each_text(message, [&](std::string_view text) {
        found = found || text.find(wanted) != std::string_view::npos;
    });
    return found;
}

const std::vector<std::string> units{"x", "\"", "\\",  "é",  "日本", "😀",   "&",
                                     "<", "*",  "a\n", "\t", "\xff", "word "};

} // namespace

TEST_CASE("whatever is asked for, however long, Slack's limits hold, and neither link nor id is lost") {
    using access::request_state;
    for (const std::string& unit : units) {
        CAPTURE(unit);
        for (const auto state :
             {request_state::pending, request_state::approved, request_state::denied, request_state::promoted,
              request_state::expired}) {
            auto request = huge_request(unit);
            request.state = state;
            for (bool with_logins : {true, false}) {
                if (!with_logins) {
                    request.logins_by_role.clear();
                }
                for (const auto& card : {approver_card(request), requester_card(request)}) {
                    auto message = card_message(card, true);
                    mark_message(message, access::delivery_key(request.id, "card"));
                    check_limits(message);
                    CHECK(count_type(message.at("blocks"), "button") == (is_decidable(card) ? 2 : 0));
                    CHECK(count_type(message.at("blocks"), "link") == 1);
                    CHECK(json::serialize(message.at("blocks")).find(card.link) != std::string::npos);
                    const std::string_view text = message.at("text").as_string();
                    CHECK(text.find("ID: " + request.id) != std::string_view::npos);
                    CHECK(text.find("<" + card.link + ">") != std::string_view::npos);
                    CHECK(holds(message, request.id));
                }
            }
            auto reply = review_message(approver_card(request), 299);
            mark_message(reply, access::delivery_key(request.id, "review-300"));
            check_limits(reply);
            auto outcome = outcome_message(requester_card(request));
            mark_message(outcome, access::delivery_key(request.id, "outcome"));
            check_limits(outcome);
            CHECK(holds(outcome, request.id));
        }
    }
}

TEST_CASE("what is left out is counted") {
    auto request = sample_request();
    request.logins_by_role.clear();
    request.roles.clear();
    for (int i = 100; i < 200; ++i) {
        request.roles.push_back("role-" + std::to_string(i));
    }
    const auto message = card_message(approver_card(request));
    CHECK(holds(message, " and 75 more"));
    const auto& title = message.at("blocks").at(0).at("text").at("text").as_string();
    CHECK(std::string_view(title).ends_with(" more"));
    CHECK(std::string_view(title).starts_with("alice@example.com: role request for role-100, role-101"));
}

TEST_CASE("a text that was cut says so") {
    auto request = sample_request();
    request.request_reason = std::string(20000, 'x');
    CHECK(holds(card_message(approver_card(request)), "x (truncated)"));
    request.request_reason = "why: " + std::string(20000, '\n') + "hidden";
    CHECK(holds(card_message(approver_card(request)), "why:"));
}

TEST_CASE("a link too long for Slack is left out, and never cut") {
    auto card = approver_card(sample_request());
    card.link = "https://example.com/" + std::string(4000, 'a');
    const auto message = card_message(card);
    check_limits(message);
    CHECK_FALSE(holds(message, "https://"));
}

TEST_CASE("hostile text is never live: no markup reaches a place where Slack reads it") {
    const auto request = hostile_request();
    for (const auto& message :
         {card_message(approver_card(request)), review_message(approver_card(request), 0),
          outcome_message(
              requester_card(resolved(request, access::request_state::denied, request.request_reason))
          )}) {
        check_limits(message);
        // The only place that Slack reads as markup is the text, and there the only markup is our link.
        CHECK(count_type(message, "mrkdwn") == 0);
        CHECK(count_type(message, "user") == 0);
        CHECK(count_type(message, "broadcast") == 0);
        std::string text(message.at("text").as_string());
        const std::string link = "<https://example.teleport.sh/web/requests/" + request.id + ">";
        if (const auto at = text.find(link); at != std::string::npos) {
            text.erase(at, link.size());
        }
        CHECK(text.find_first_of("<>`*~") == std::string::npos);
        CHECK(text.find("\n>") == std::string::npos);
        CHECK(text.find("\n&gt;") == std::string::npos);
        for (const auto* hidden : {"\xE2\x80\xAE", "\xE2\x80\x8B", "\x1b", "\x07", "\xff"}) {
            CHECK_FALSE(holds(message, hidden));
        }
    }
}
