#include "sandbox/change_signal.hpp"
#include "sandbox/discord_interactions.hpp"
#include "sandbox/discord_payloads.hpp"
#include "sandbox/discord_response_check.hpp"
#include "sandbox/discord_signing.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace hallpass::sandbox;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

const json::value form =
    json::parse(R"({"type": 9, "data": {"custom_id": "f", "title": "Deny", "components": [
    {"type": 10, "content": "facts"},
    {"type": 18, "label": "Reason", "component":
        {"type": 4, "custom_id": "reason", "style": 2, "max_length": 5, "required": true}},
    {"type": 18, "label": "Sure?", "component": {"type": 3, "custom_id": "confirm", "required": false,
        "options": [{"label": "Yes", "value": "yes"}]}}]}})");
const json::value message =
    json::parse(R"({"type": 4, "data": {"content": "done", "flags": 64, "allowed_mentions": {"parse": []}}})"
    );
const json::value thinking = json::parse(R"({"type": 5, "data": {"flags": 64}})");
constexpr const char* application = "1600000000000000001";

struct fixture {
    change_signal changes;
    std::chrono::steady_clock::time_point now{};
    discord_interactions interactions{changes, application, [this] { return now; }};

    discord_interaction begin(const std::string& id, bool of_form = false) {
        discord_interaction what;
        what.id = id;
        what.user = "7";
        what.of_form = of_form;
        return interactions.begin(what);
    }

    std::int64_t refusal_of(const std::string& id, const json::value& response) {
        const auto taken = interactions.take_response(id, response);
        REQUIRE(taken.has_error());
        return taken.error().code;
    }

    std::int64_t refusal_of_edit(const std::string& app, const std::string& token, const json::object& body) {
        const auto edited = interactions.edit_original(app, token, body);
        REQUIRE(edited.has_error());
        return edited.error().code;
    }
};

std::string problem_with(std::string_view part, json::value value) {
    json::value changed = form;
    changed.at("data").as_object()[part] = std::move(value);
    return problem_of_response(changed, false);
}

discord_modal opened() {
    discord_modal made;
    made.shown = form.at("data").as_object();
    return made;
}

} // namespace

TEST_CASE("the simulated Discord's signature is the one that other libraries make") {
    std::string seed;
    for (char i = 0; i < 32; ++i) {
        seed += i;
    }
    const discord_signing_key key(seed);
    CHECK(key.public_key() == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
    CHECK(
        key.sign("1700000000", R"({"type":1})") ==
        "c1098e97d711377f30225d53d94b89d43537f92e5b3afaddc590781b1f9f9d4b2eeab335d370be3b9a090bc61a85b8644"
        "8bc140dcd195f1569c2bff181257607"
    );
    CHECK(discord_signing_key().public_key() != discord_signing_key().public_key());
}

TEST_CASE_FIXTURE(fixture, "an interaction is answered once, within 3 s, with a form or with words") {
    begin("1");
    CHECK(interactions.take_response("1", form).has_value());
    REQUIRE(interactions.modal_of("1"));
    CHECK(interactions.modal_of("1")->user == "7");
    CHECK(refusal_of("1", message) == 40060);
    begin("2");
    CHECK(interactions.take_response("2", message).has_value());
    REQUIRE(interactions.answer_of("2"));
    CHECK(interactions.answer_of("2")->content == "done");
    CHECK(interactions.answer_of("2")->ephemeral);
    CHECK_FALSE(interactions.answer_of("2")->thinking);
    begin("3");
    now += 3001ms;
    CHECK(refusal_of("3", message) == 10062);
    CHECK(refusal_of("4", message) == 10062);
    begin("5", true);
    CHECK(refusal_of("5", form) == 50035);
    CHECK(interactions.take_response("5", message).has_value());
}

TEST_CASE_FIXTURE(
    fixture, "a thought is changed to words by its token, once it is there and for 15 minutes"
) {
    const std::string token = begin("1").token;
    const json::object words{{"content", "recorded"}};
    CHECK(refusal_of_edit(application, token, words) == 10015);
    CHECK(interactions.take_response("1", thinking).has_value());
    CHECK(interactions.answer_of("1")->thinking);
    CHECK(refusal_of_edit("1600000000000000002", token, words) == 10015);
    CHECK(refusal_of_edit(application, token + "x", words) == 10015);
    CHECK(refusal_of_edit(application, token, {{"content", std::string(2001, 'x')}}) == 50035);
    CHECK(interactions.edit_original(application, token, words).has_value());
    CHECK(interactions.answer_of("1")->content == "recorded");
    CHECK_FALSE(interactions.answer_of("1")->thinking);
    now += 15min + 1ms;
    CHECK(refusal_of_edit(application, token, words) == 50027);
}

TEST_CASE("an answer that breaks one of Discord's limits is refused") {
    CHECK(problem_of_response(form, false).empty());
    CHECK(problem_with("title", json::value(std::string(45, 'x'))).empty());
    CHECK_FALSE(problem_with("title", json::value(std::string(46, 'x'))).empty());
    CHECK_FALSE(problem_with("custom_id", json::value(std::string(101, 'x'))).empty());
    CHECK_FALSE(problem_with("custom_id", "").empty());
    CHECK_FALSE(problem_with("components", json::array()).empty());
    CHECK_FALSE(problem_with("components", json::array(6, form.at("data").at("components").at(0))).empty());
    // The same custom_id twice.
    CHECK_FALSE(problem_with("components", json::array(2, form.at("data").at("components").at(1))).empty());
    CHECK_FALSE(problem_with("components", json::array{json::object{{"type", 1}}}).empty());
    for (const char* odd :
         {R"([])", R"({"type": 1})", R"({"type": 4})", R"({"type": 4, "data": {"content": ""}})",
          R"({"type": "4", "data": {"content": "x"}})"}) {
        CAPTURE(odd);
        CHECK_FALSE(problem_of_response(json::parse(odd), false).empty());
    }
}

TEST_CASE("buttons stand in rows, each with a label and a name of its own") {
    const auto problem = [](const char* rows) { return problem_of_components(json::parse(rows).as_array()); };
    CHECK(problem("[]").empty());
    CHECK(problem(R"([{"type": 1, "components": [{"type": 2, "style": 3, "label": "A", "custom_id": "a"},
        {"type": 2, "style": 5, "label": "B", "url": "https://x"}]}])")
              .empty());
    for (const char* odd :
         {R"([{"type": 2, "style": 3, "label": "A", "custom_id": "a"}])",
          R"([{"type": 1, "components": []}])",
          R"([{"type": 1, "components": [{"type": 2, "style": 9, "label": "A", "custom_id": "a"}]}])",
          R"([{"type": 1, "components": [{"type": 2, "style": 3, "label": "", "custom_id": "a"}]}])",
          R"([{"type": 1, "components": [{"type": 2, "style": 3, "label": "A"}]}])",
          R"([{"type": 1, "components": [{"type": 2, "style": 3, "label": "A", "custom_id": "a"},
             {"type": 2, "style": 3, "label": "B", "custom_id": "a"}]}])"}) {
        CAPTURE(odd);
        CHECK_FALSE(problem(odd).empty());
    }
}

TEST_CASE("a form is filled in as a person does, and not sent without what it needs") {
    const auto sent = form_data(opened(), {{"reason", "no"}, {"confirm", true}});
    REQUIRE(sent.has_value());
    CHECK(sent->at("custom_id") == "f");
    CHECK(sent->at("components").at(1).at("component").at("value") == "no");
    CHECK(sent->at("components").at(2).at("component").at("values").at(0) == "yes");
    CHECK(form_data(opened(), {{"reason", " "}}).has_error());
    CHECK(form_data(opened(), {{"reason", "too long"}}).has_error());
    CHECK(form_data(opened(), {{"reason", " "}, {"force", true}}).has_value());
}

TEST_CASE("an interaction says where it is and by whom: a member in a server, a user in a direct message") {
    discord_interaction what;
    what.id = "1";
    discord_user user;
    user.id = "7";
    discord_channel channel;
    channel.id = "11";
    const discord_message shown;
    const json::object server = interaction_payload(what, user, channel, shown, {});
    CHECK(server.at("member").at("user").at("id") == "7");
    CHECK_FALSE(server.contains("user"));
    CHECK(server.at("type") == 3);
    CHECK(server.at("application_id") == application);
    channel.recipient = "7";
    what.of_form = true;
    const json::object direct = interaction_payload(what, user, channel, shown, {});
    CHECK(direct.at("user").at("id") == "7");
    CHECK_FALSE(direct.contains("member"));
    CHECK(direct.at("context") == 1);
    CHECK(direct.at("type") == 5);
}
