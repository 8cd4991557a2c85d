#include "../services/samples.hpp"
#include "payloads.hpp"
#include "services/slack/interaction.hpp"
#include "services/slack/messages.hpp"
#include "services/slack/review_ids.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <functional>

using namespace hallpass;
using namespace hallpass::services::slack;
using namespace hallpass::test;
using access::verdict;
namespace json = boost::json;

namespace {

interaction read_body(std::string_view body) {
    const auto payload = read_payload(body);
    return payload ? read_interaction(*payload) : interaction();
}

bool is_other(std::string_view body) {
    return std::holds_alternative<std::monostate>(read_body(body));
}

bool is_other_when(json::object payload, const std::function<void(json::object&)>& changed) {
    changed(payload);
    return is_other(body_of_payload(payload));
}

json::object& action_of(json::object& payload) {
    return payload.at("actions").as_array().at(0).as_object();
}

json::object& view_of(json::object& payload) {
    return payload.at("view").as_object();
}

} // namespace

TEST_CASE("a click on a card of ours is read") {
    for (const verdict what : {verdict::approve, verdict::deny}) {
        const auto read = read_body(body_of_payload(click_payload(what)));
        const auto* click = std::get_if<button_click>(&read);
        REQUIRE(click);
        CHECK(click->request_id == sample_request().id);
        CHECK(click->what == what);
        CHECK(click->who.user == "U0000BOB1");
        CHECK(click->who.user_team == "T0000OWN1");
        CHECK(click->who.team == "T0000OWN1");
        CHECK(click->app == "A0123ABCD");
        CHECK(click->trigger == "13345224609.738474920.8088930838d88f008e0");
        CHECK(click->message == access::message_ref("C0123ABCD", "1700000000.000100"));
    }
}

TEST_CASE("a sent form is read, with the plus signs and spaces of its reason") {
    const auto read = read_body(body_of_payload(form_payload(verdict::deny, "  1+1 = 2 & more é\n ")));
    const auto* form = std::get_if<form_sent>(&read);
    REQUIRE(form);
    CHECK(form->about.request_id == sample_request().id);
    CHECK(form->about.what == verdict::deny);
    CHECK(form->about.message == access::message_ref("C0123ABCD", "1700000000.000100"));
    CHECK(form->about.link == "https://example.teleport.sh/x");
    CHECK_FALSE(form->about.confirm);
    CHECK(form->reason == "1+1 = 2 & more é");
    CHECK(form->view == "V0123ABCD");
    CHECK_FALSE(form->confirmed);
    const auto spaced = read_body("payload=%7B%22type%22+%3A%221%22%7D");
    CHECK(std::holds_alternative<std::monostate>(spaced));
}

TEST_CASE("a confirmation is read, and only ours") {
    const auto confirmed = [](std::string_view value) {
        auto payload = form_payload(verdict::approve, "");
        json::object field{{"selected_options", json::array{json::object{{"value", value}}}}};
        view_of(payload).at("state").at("values").as_object()[confirm_block] =
            json::object{{confirm_action, std::move(field)}};
        const auto read = read_body(body_of_payload(payload));
        return std::get<form_sent>(read).confirmed;
    };
    CHECK(confirmed(confirm_value));
    CHECK_FALSE(confirmed("other"));
}

TEST_CASE("a body that is not Slack's form is nothing of ours") {
    const std::string good = body_of_payload(click_payload(verdict::approve));
    for (const std::string& bad :
         {std::string(), std::string("payload="), std::string("payload=%7"), std::string("payload=%zz"),
          std::string("payload=[]"), std::string("payload=%7B%7D"),
          std::string("payload=%7B%22a%22:%22%FF%22%7D"), "x=1&" + good, good + "&x=1", good + "&" + good,
          good.substr(8), good.substr(0, good.size() - 1), good + "%00", "payload=" + good}) {
        CAPTURE(bad.substr(0, 60));
        CHECK(is_other(bad));
    }
}

TEST_CASE("neither depth nor size bring the reader down") {
    std::string deep = "payload=";
    for (int i = 0; i < 60'000; ++i) {
        deep += "%5B";
    }
    CHECK(is_other(deep));
    auto nested = click_payload(verdict::approve);
    json::value inner = 1;
    for (int i = 0; i < 40; ++i) {
        inner = json::array{inner};
    }
    nested["extra"] = inner;
    CHECK(is_other(body_of_payload(nested)));
    auto large = click_payload(verdict::approve);
    large["extra"] = std::string(largest_callback, 'x');
    CHECK(is_other(body_of_payload(large)));
    large["extra"] = std::string(largest_callback / 4, 'x');
    CHECK_FALSE(is_other(body_of_payload(large)));
}

TEST_CASE("a click counts only where action, block, value and message agree") {
    const auto click = click_payload(verdict::approve);
    CHECK_FALSE(is_other_when(click, [](json::object&) {}));
    CHECK(is_other_when(click, [](json::object& p) { action_of(p)["action_id"] = "approve_button"; }));
    CHECK(is_other_when(click, [](json::object& p) { action_of(p)["type"] = "overflow"; }));
    CHECK(is_other_when(click, [](json::object& p) { action_of(p)["value"] = "another-request"; }));
    CHECK(is_other_when(click, [](json::object& p) { action_of(p)["block_id"] = "hallpass-review:another"; })
    );
    CHECK(is_other_when(click, [](json::object& p) {
        action_of(p)["value"] = "another";
        action_of(p)["block_id"] = buttons_block("another");
    }));
    CHECK(is_other_when(click, [](json::object& p) { p["actions"] = json::array(); }));
    CHECK(is_other_when(click, [](json::object& p) { p["actions"] = "x"; }));
    CHECK(is_other_when(click, [](json::object& p) {
        const json::value one = p.at("actions").as_array().front();
        p.at("actions").as_array().push_back(one);
    }));
    CHECK(is_other_when(click, [](json::object& p) { p.erase("message"); }));
    CHECK(is_other_when(click, [](json::object& p) { p["type"] = "message_action"; }));
}

TEST_CASE("a click on a message that isn't the request's card counts for nothing") {
    const auto click = click_payload(verdict::approve);
    const auto marked_as = [](std::string request, std::string part) {
        return [=](json::object& p) {
            mark_message(p.at("message").as_object(), access::delivery_key(request, part));
        };
    };
    CHECK(is_other_when(click, marked_as(sample_request().id, "review-1")));
    CHECK(is_other_when(click, marked_as("another", "card")));
    CHECK(is_other_when(click, [](json::object& p) {
        mark_blocks(p.at("message").as_object(), access::delivery_key("another", "card"));
    }));
}

TEST_CASE("ids that can't be Slack's are refused") {
    const auto click = click_payload(verdict::approve);
    for (const json::value& bad :
         {json::value(""), json::value("U1&user=U2"), json::value("U 1"), json::value(std::string(65, 'U')),
          json::value(1), json::value(nullptr), json::value("../x")}) {
        CHECK(is_other_when(click, [&](json::object& p) { p.at("user").as_object()["id"] = bad; }));
        CHECK(is_other_when(click, [&](json::object& p) { p.at("team").as_object()["id"] = bad; }));
        CHECK(is_other_when(click, [&](json::object& p) { p["trigger_id"] = json::object{{"x", bad}}; }));
        CHECK(is_other_when(form_payload(verdict::deny, ""), [&](json::object& p) { view_of(p)["id"] = bad; })
        );
    }
    CHECK(is_other_when(click, [](json::object& p) { p["team"] = nullptr; }));
}

TEST_CASE("a form counts only with our name and what it carried from its opening") {
    const auto form = form_payload(verdict::approve, "x");
    CHECK_FALSE(is_other_when(form, [](json::object&) {}));
    CHECK(is_other_when(form, [](json::object& p) { view_of(p)["callback_id"] = "other"; }));
    for (const auto* bad :
         {"", "x", "[]", "{}", R"({"v":2,"request":"a","verdict":"deny"})", R"({"v":1,"request":"a"})",
          R"({"v":1,"request":"","verdict":"deny"})", R"({"v":1,"request":"a","verdict":"APPROVE"})",
          R"({"v":1,"request":"a b","verdict":"deny"})",
          R"({"v":1,"request":"a","verdict":"deny","x":[[[[[1]]]]]})"}) {
        CAPTURE(bad);
        CHECK(is_other_when(form, [&](json::object& p) { view_of(p)["private_metadata"] = bad; }));
    }
    CHECK(is_other_when(form, [](json::object& p) {
        view_of(p)["private_metadata"] = R"({"v":1,"request":"a","verdict":"deny"})" + std::string(3000, ' ');
    }));
}

TEST_CASE("a reason that isn't there or isn't text is no reason, and a long one ends") {
    const auto reason_with = [](const json::value& value) {
        auto payload = form_payload(verdict::approve, "");
        view_of(payload).at("state").at("values").at(reason_block).at(reason_action).as_object()["value"] =
            value;
        const auto read = read_body(body_of_payload(payload));
        return std::get<form_sent>(read).reason;
    };
    CHECK(reason_with(nullptr).empty());
    CHECK(reason_with(5).empty());
    CHECK(reason_with(" \n ").empty());
    CHECK(reason_with(json::value(std::string(9000, 'x'))).size() == 2000);
}
