// What Microsoft's adaptivecards says of hallpass's cards.
#include "payloads.hpp"
#include "support/eventually.hpp"
#include "support/skip.hpp"
#include "teams.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>

using namespace hallpass;
using namespace hallpass::interop;
namespace json = boost::json;

namespace {

constexpr const char* script = "msteams_cards.cjs";

bool can_judge() {
    if (node_judges().path.empty()) {
        test::skip(node_judges().why);
        return false;
    }
    return true;
}

bool says(const json::value& card, std::string_view words) {
    return test::has(json::serialize(card), words);
}

// What a card has as its nth part of that type.
std::string place_of(const json::value& card, std::string_view type, std::size_t number = 0) {
    const json::array& body = card.at("body").as_array();
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i].at("type").as_string() == type && number-- == 0) {
            return "/body/" + std::to_string(i);
        }
    }
    throw std::runtime_error("the card has too few parts of type " + std::string(type));
}

} // namespace

TEST_CASE("adaptivecards reads every card of a full pass as hallpass meant it, and refuses broken ones") {
    if (!can_judge()) {
        return;
    }
    teams rig;
    rig.start();
    payloads sent;
    // Each in the channel, in carol's chat and in alice's, with what becomes of them.
    const std::string hostile = "{{DATE(1)}} *b* [x](javascript:1) </at> \"\\\x01\r\n\r\n" +
                                std::string(600, 'x') + "\xf0\x9f\x94\xa5 \xe2\x80\xae";
    const std::string approved = rig.request("prod-admin", hostile);
    const std::string denied = rig.request("dba", "short");
    const json::object refreshed = rig.press(approved, "refresh");
    REQUIRE_MESSAGE(refreshed.at("status") == 200, json::serialize(refreshed));
    const json::value form = refreshed.at("answer").at("value");
    sent.keep("refreshed", form);
    const json::object checked{{"reason", hostile}, {"confirm", true}};
    for (const auto& [id, action] : {std::pair(approved, "approve"), std::pair(denied, "deny")}) {
        const json::object pressed = rig.press(id, action, {{"values", checked}});
        INFO(json::serialize(pressed));
        CHECK_FALSE(pressed.contains("problem"));
    }
    CHECK(rig.state_of(approved) == "APPROVED");
    CHECK(rig.state_of(denied) == "DENIED");
    json::array cards;
    const auto there = [&](std::string_view words) {
        return std::any_of(cards.begin(), cards.end(), [&](const json::value& one) {
            return says(one, words);
        });
    };
    test::eventually("the requester is told of both outcomes", [&] {
        cards = rig.cards();
        return std::count_if(cards.begin(), cards.end(), [](const json::value& one) {
                   return says(one, "Your request is ");
               }) == 2;
    });
    for (const char* part :
         {"PENDING", "Action.Execute", "Input.Toggle", "reviewed the request: ", "DENIED"}) {
        CHECK_MESSAGE(there(part), part);
    }
    for (const json::value& one : cards) {
        sent.keep("card", one);
    }
    const judgement given = sent.judged_by(script);
    CHECK_MESSAGE(given.said == sent.all_accepted(), given.said);
    CHECK(given.status == 0);

    payloads broken;
    const auto break_it = [&](std::string_view name, const std::string& place, json::value value) {
        broken.keep_broken(name, form, place, std::move(value));
    };
    const std::string actions = place_of(form, "ActionSet") + "/actions";
    const std::string input = place_of(form, "Input.Text");
    break_it("version", "/version", "1.9");
    break_it("element", "/body/0/type", "Blink");
    break_it("spacing", "/body/1/spacing", "tiny");
    break_it("colour", "/body/0/inlines/0/color", "pink");
    break_it("run", "/body/0/inlines/0/type", "Run");
    break_it("action", actions + "/0/type", "Action.Explode");
    break_it("style", actions + "/0/style", "huge");
    break_it("verb", actions + "/0/verb", 7);
    break_it("no-actions", actions, json::object());
    break_it("input-id", input + "/id", nullptr);
    break_it("input-length", input + "/maxLength", "many");
    break_it("toggle", place_of(form, "Input.Toggle") + "/title", 1);
    break_it("link", place_of(form, "ActionSet", 1) + "/actions/0/url", nullptr);
    break_it("refresh", "/refresh/action/type", "Action.Submit");
    json::value strange = form;
    strange.at("body").at(0).as_object()["sparkle"] = true;
    broken.keep("strange-field", strange);
    const judgement refused = broken.judged_by(script);
    CHECK_MESSAGE(("\n" + refused.said).ends_with(broken.all_refused()), refused.said);
    CHECK(refused.status == 1);
}
