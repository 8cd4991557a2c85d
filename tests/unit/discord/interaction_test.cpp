#include "../services/samples.hpp"
#include "payloads.hpp"
#include "services/discord/interaction.hpp"
#include "services/discord/messages.hpp"
#include "services/discord/review_ids.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <functional>

using namespace hallpass;
using namespace hallpass::services::discord;
using namespace hallpass::test;
using access::verdict;
namespace json = boost::json;

namespace {

using change = std::function<void(json::object&)>;

bool is_other(const json::object& payload) {
    return std::holds_alternative<std::monostate>(read_interaction(payload));
}

bool is_other_when(const change& changed) {
    json::object click = click_payload(verdict::approve);
    json::object form = form_payload(verdict::approve, "");
    changed(click);
    changed(form);
    return is_other(click) && is_other(form);
}

json::object& inside(json::object& payload, std::string_view name) {
    return payload.at(name).as_object();
}

access::account_facts facts_when(const change& changed) {
    json::object payload = click_payload(verdict::approve);
    changed(payload);
    const auto read = read_interaction(payload);
    const auto* click = std::get_if<button_click>(&read);
    REQUIRE(click);
    REQUIRE(click->person.facts);
    return *click->person.facts;
}

change in_member(std::string_view name, json::value value) {
    return [=](json::object& payload) { inside(payload, "member")[name] = value; };
}

change in_user(std::string_view name, json::value value) {
    return [=](json::object& payload) { inside(inside(payload, "member"), "user")[name] = value; };
}

change in_message(std::string_view name, json::value value) {
    return [=](json::object& payload) { inside(payload, "message")[name] = value; };
}

change custom_id(std::string text) {
    return [=](json::object& payload) { inside(payload, "data")["custom_id"] = text; };
}

void make_direct(json::object& payload) {
    payload["user"] = inside(payload, "member").at("user");
    payload.erase("member");
    payload.erase("guild_id");
    payload["context"] = 1;
}

} // namespace

TEST_CASE("a click on a card of ours is read, with who clicked as Discord proves it") {
    for (const verdict what : {verdict::approve, verdict::deny}) {
        const auto read = read_interaction(click_payload(what));
        const auto* click = std::get_if<button_click>(&read);
        REQUIRE(click);
        CHECK(click->request_id == sample_request().id);
        CHECK(click->what == what);
        CHECK(click->person.service == "discord");
        CHECK(click->person.id == bob_id);
        REQUIRE(click->person.facts);
        const access::account_facts& facts = *click->person.facts;
        CHECK(facts.active);
        CHECK_FALSE(facts.bot);
        CHECK_FALSE(facts.guest);
        CHECK_FALSE(facts.foreign);
        CHECK(facts.email.empty());
        CHECK_FALSE(facts.email_verified);
    }
}

TEST_CASE("a sent form is read, from labels and from rows as they were before") {
    form_facts about{sample_request().id, verdict::deny, true};
    json::object payload = form_payload(about, "  not <@1> today \n", true);
    const auto read = read_interaction(payload);
    const auto* form = std::get_if<form_sent>(&read);
    REQUIRE(form);
    CHECK(form->about.request_id == sample_request().id);
    CHECK(form->about.what == verdict::deny);
    CHECK(form->about.confirm);
    CHECK(form->confirmed);
    CHECK(form->reason == "not <@1> today");
    CHECK(form->token == interaction_token);
    CHECK(form->person.id == bob_id);
    json::object field{{"type", 4}, {"custom_id", reason_id}, {"value", "so"}};
    json::object row{{"type", 1}, {"components", json::array{std::move(field)}}};
    inside(payload, "data")["components"] = json::array{std::move(row)};
    const auto older = read_interaction(payload);
    CHECK(std::get<form_sent>(older).reason == "so");
    CHECK_FALSE(std::get<form_sent>(older).confirmed);
}

TEST_CASE("a ping is a ping") {
    CHECK(std::holds_alternative<ping>(read_interaction(json::object{{"type", 1}})));
    CHECK(is_other(json::object{{"type", "1"}}));
    CHECK(is_other(json::object{{"type", 1.0}}));
    CHECK(is_other(json::object{{"type", 2}}));
    CHECK(is_other(json::object()));
}

TEST_CASE("in a direct message the account is the user, and known by the bot's own conversation alone") {
    json::object direct = click_payload(verdict::approve);
    make_direct(direct);
    const auto read = read_interaction(direct);
    CHECK(std::get<button_click>(read).person.id == bob_id);
    CHECK_FALSE(std::get<button_click>(read).person.facts->foreign);
    CHECK(std::get<button_click>(read).person.facts->active);
    for (const json::value& odd : {json::value(2), json::value(0), json::value("1"), json::value(nullptr)}) {
        direct["context"] = odd;
        const auto elsewhere = read_interaction(direct);
        CHECK(std::get<button_click>(elsewhere).person.facts->foreign);
    }
}

TEST_CASE("each mark of Discord's takes its power away, and so does what is said oddly") {
    for (const json::value& odd : {json::value(true), json::value(nullptr), json::value("false")}) {
        CHECK(facts_when(in_user("bot", odd)).bot);
        CHECK(facts_when(in_user("system", odd)).bot);
        CHECK_FALSE(facts_when(in_member("pending", odd)).active);
        CHECK(facts_when(in_member("flags", odd)).guest);
    }
    CHECK(facts_when(in_member("flags", 16)).guest);
    CHECK(facts_when(in_member("flags", 17)).guest);
    CHECK_FALSE(facts_when(in_member("flags", 8)).guest);
    CHECK(facts_when([](json::object& payload) { payload.erase("guild_id"); }).foreign);
    CHECK(facts_when([](json::object& payload) { payload["context"] = 2; }).foreign);
}

TEST_CASE("who it was must be said once, by an id") {
    CHECK(is_other_when([](json::object& payload) { payload.erase("member"); }));
    CHECK(is_other_when([](json::object& payload) { payload["user"] = json::object{{"id", bob_id}}; }));
    CHECK(is_other_when([](json::object& payload) { payload["member"] = nullptr; }));
    for (const json::value& odd :
         {json::value(""), json::value("bob"), json::value(300000000000000002), json::value(nullptr),
          json::value("300000000000000002 "), json::value("-300000000000000002"), json::value("12")}) {
        CHECK(is_other_when(in_user("id", odd)));
    }
}

TEST_CASE("a click counts on the card of its request alone") {
    const json::object review = review_message(approver_card(reviewed_request()), 0);
    const std::string other(review.at("content").as_string());
    const std::string text(click_payload(verdict::deny).at("message").at("content").as_string());
    CHECK(is_other_when(in_message("content", "")));
    CHECK(is_other_when(in_message("content", json::value(other))));
    CHECK(is_other_when(in_message("content", json::value(text + "x"))));
    CHECK(is_other_when(in_message("channel_id", "200000000000000009")));
    CHECK(is_other_when(in_message("id", "")));
    CHECK(is_other_when([](json::object& payload) { payload.erase("message"); }));
    CHECK(is_other_when([](json::object& payload) { payload["message"] = 1; }));
    CHECK(is_other_when(custom_id(button_custom_id(verdict::approve, "another-request"))));
}

TEST_CASE("a name that isn't quite one of ours is nothing of ours") {
    const std::string id = sample_request().id;
    for (const std::string& odd :
         {std::string(), std::string("hallpass"), std::string("hallpass:"), std::string("hallpass:approve"),
          std::string("hallpass:approve:"), "hallpass:Approve:" + id, "hallpass:promote:" + id,
          "hallpass::" + id, " hallpass:approve:" + id, "hallpass:approve:" + id + " ",
          "hallpass:approve:" + id + ":x", "hallpass-form:approve:" + std::string(65, 'a'),
          "hallpass-form:deny:" + id + "\n", "hallpass-forms:approve:" + id}) {
        CAPTURE(odd);
        CHECK(is_other_when(custom_id(odd)));
    }
    // A form's name on a button, and a button's on a form.
    json::object click = click_payload(verdict::approve);
    inside(click, "data")["custom_id"] = form_custom_id({id, verdict::approve, false});
    CHECK(is_other(click));
    json::object form = form_payload(verdict::approve, "");
    inside(form, "data")["custom_id"] = button_custom_id(verdict::approve, id);
    CHECK(is_other(form));
    click = click_payload(verdict::approve);
    inside(click, "data")["component_type"] = 3;
    CHECK(is_other(click));
}

TEST_CASE("a token that isn't one could lead our call elsewhere, so the form isn't read") {
    for (const json::value& odd :
         {json::value(""), json::value("a/../b"), json::value("a?b"), json::value("a b"), json::value(5),
          json::value(std::string(1001, 'a'))}) {
        json::object form = form_payload(verdict::approve, "");
        form["token"] = odd;
        CHECK(is_other(form));
    }
}

TEST_CASE("a reason is display text of a bounded size, whatever was sent for it") {
    const auto reason_with = [](const json::value& value) {
        json::object payload = form_payload(verdict::approve, "");
        json::array& fields = inside(payload, "data").at("components").as_array();
        fields.at(1).at("component").as_object()["value"] = value;
        const auto read = read_interaction(payload);
        return std::get<form_sent>(read).reason;
    };
    CHECK(reason_with(nullptr).empty());
    CHECK(reason_with(5).empty());
    CHECK(reason_with(" \n ").empty());
    CHECK(reason_with(json::value(std::string(9000, 'x'))).size() == 2000);
    json::object payload = form_payload(verdict::approve, "");
    for (const json::value& odd :
         {json::value(nullptr), json::value("x"), json::value(json::array{1, nullptr, json::array()}),
          json::value(json::array(40, json::object()))}) {
        inside(payload, "data")["components"] = odd;
        const auto read = read_interaction(payload);
        CHECK(std::get<form_sent>(read).reason.empty());
    }
}

TEST_CASE("a confirmation is read, and only ours") {
    const form_facts about{sample_request().id, verdict::approve, true};
    json::object payload = form_payload(about, "", true);
    json::object& field =
        inside(payload, "data").at("components").as_array().at(2).at("component").as_object();
    const auto confirmed = [&](json::value values) {
        field["values"] = std::move(values);
        const auto read = read_interaction(payload);
        return std::get<form_sent>(read).confirmed;
    };
    CHECK(confirmed(json::array{"confirmed"}));
    CHECK_FALSE(confirmed(json::array{"other", 1, nullptr}));
    CHECK_FALSE(confirmed("confirmed"));
    CHECK_FALSE(confirmed(json::array()));
}

TEST_CASE("neither depth nor size bring the reader down") {
    CHECK_FALSE(read_payload(std::string(60'000, '[')));
    CHECK_FALSE(read_payload(std::string(largest_callback + 1, ' ')));
    CHECK_FALSE(read_payload("[]"));
    CHECK_FALSE(read_payload("{\"a\":\"\xff\"}"));
    CHECK_FALSE(read_payload("{} {}"));
    CHECK_FALSE(read_payload(""));
    CHECK(read_payload("{}"));
}

TEST_CASE("an interaction is for one application") {
    const json::object payload = click_payload(verdict::approve);
    CHECK(is_for(payload, application_id));
    CHECK_FALSE(is_for(payload, "500000000000000002"));
    CHECK_FALSE(is_for(payload, ""));
    CHECK_FALSE(is_for(json::object(), ""));
}
