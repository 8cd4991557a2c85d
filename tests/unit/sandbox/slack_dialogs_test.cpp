#include "sandbox/slack_dialogs.hpp"
#include "sandbox/slack_methods.hpp"
#include "sandbox/slack_payloads.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass::sandbox;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

json::object form() {
    return json::parse(R"({"type": "modal", "callback_id": "deny", "private_metadata": "m",
        "title": {"type": "plain_text", "text": "Deny"}, "submit": {"type": "plain_text", "text": "Deny"},
        "blocks": [
          {"type": "section", "text": {"type": "mrkdwn", "text": "what"}},
          {"type": "input", "block_id": "why", "label": {"type": "plain_text", "text": "Reason"},
           "element": {"type": "plain_text_input", "action_id": "reason", "max_length": 10}},
          {"type": "input", "block_id": "sure", "label": {"type": "plain_text", "text": "Sure?"},
           "element": {"type": "checkboxes", "action_id": "boxes", "options": [
             {"text": {"type": "plain_text", "text": "Yes"}, "value": "yes"}]}}]})")
        .as_object();
}

struct fixture {
    change_signal changes;
    std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now();
    slack_dialogs dialogs{changes, slack_bot{}, [this] { return now; }};
};

std::string error_of(const slack_outcome<slack_view>& done) {
    return done ? std::string() : done.error().error;
}

} // namespace

TEST_CASE_FIXTURE(fixture, "a trigger opens one view, and only within three seconds") {
    CHECK(error_of(dialogs.open("T.other", form())) == "invalid_trigger_id");
    const std::string trigger = dialogs.issue_trigger("U0BOB00001");
    now += 3s;
    const auto opened = dialogs.open(trigger, form());
    REQUIRE(opened.has_value());
    CHECK(opened->user == "U0BOB00001");
    CHECK(opened->shown.at("id").as_string() == opened->id);
    CHECK(dialogs.opened_by(trigger) == opened->id);
    CHECK(error_of(dialogs.open(trigger, form())) == "exchanged_trigger_id");
    const std::string late = dialogs.issue_trigger("U0BOB00001");
    now += 3001ms;
    CHECK(error_of(dialogs.open(late, form())) == "expired_trigger_id");
}

TEST_CASE_FIXTURE(fixture, "a view is updated by its id, if nobody else has changed it and it is open") {
    const slack_view opened = dialogs.open(dialogs.issue_trigger("U0BOB00001"), form()).value();
    const std::string hash(opened.shown.at("hash").as_string());
    json::object next = form();
    next["title"] = {{"type", "plain_text"}, {"text", "Done"}};
    REQUIRE(dialogs.update(opened.id, hash, next).has_value());
    CHECK(dialogs.view(opened.id)->shown.at("title").at("text").as_string() == "Done");
    CHECK(error_of(dialogs.update(opened.id, hash, next)) == "hash_conflict");
    CHECK(error_of(dialogs.update("V0OTHER", {}, next)) == "not_found");
    dialogs.close(opened.id);
    CHECK(error_of(dialogs.update(opened.id, {}, next)) == "not_found");
}

TEST_CASE_FIXTURE(
    fixture, "a view that is not a modal within Slack's limits is refused and costs no trigger"
) {
    const std::string trigger = dialogs.issue_trigger("U0BOB00001");
    const auto refused_with = [&](const char* key, json::value value) {
        json::object view = form();
        view[key] = std::move(value);
        return error_of(dialogs.open(trigger, view));
    };
    const json::array many(101, json::object{{"type", "divider"}});
    CHECK(refused_with("type", "home") == "invalid_arguments");
    CHECK(
        refused_with("title", {{"type", "plain_text"}, {"text", std::string(25, 'x')}}) == "invalid_arguments"
    );
    CHECK(refused_with("private_metadata", json::string(3001, 'x')) == "invalid_arguments");
    CHECK(refused_with("blocks", many) == "invalid_arguments");
    CHECK(refused_with("submit", nullptr) == "invalid_arguments");
    CHECK(refused_with("private_metadata", json::string(3000, 'x')) == "");
}

TEST_CASE("a form is filled in as a person would, and not sent with a hole in it") {
    const auto values_of = [](const json::object& given) { return filled_values(form(), given); };
    const auto full = values_of({{"reason", "no need"}, {"confirm", true}});
    REQUIRE(full.has_value());
    CHECK(full->at("why").at("reason").at("value").as_string() == "no need");
    CHECK(full->at("sure").at("boxes").at("selected_options").at(0).at("value").as_string() == "yes");
    CHECK(values_of({{"reason", "no need"}}).has_error());
    CHECK(values_of({{"confirm", true}}).has_error());
    CHECK(values_of({{"reason", "far too long"}, {"confirm", true}}).has_error());
    const auto forced = values_of({{"force", true}});
    REQUIRE(forced.has_value());
    CHECK(forced->at("why").at("reason").at("value").is_null());
}

TEST_CASE("the workspace tells guests, bots and strangers from its own people") {
    change_signal changes;
    slack_state slack(changes);
    const auto info = [&](const char* id) {
        slack_call call;
        call.method = "users.info";
        call.query = std::string("user=") + id;
        call.authorization = "Bearer " + slack.bot().token;
        return answer_slack_call(slack, call).at("user").as_object();
    };
    const json::object bob = info("U0BOB00001");
    CHECK(bob.at("profile").at("email").as_string() == "bob@example.com");
    CHECK(bob.at("is_email_confirmed").as_bool());
    CHECK(bob.at("team_id").as_string() == "T0SANDBOX");
    CHECK_FALSE(bob.at("is_restricted").as_bool());
    CHECK(info("U0GINA0001").at("is_restricted").as_bool());
    CHECK(info("U0ROBOT001").at("is_bot").as_bool());
    CHECK(info("U0ERIN0001").at("is_stranger").as_bool());
    CHECK(info("U0ERIN0001").at("team_id").as_string() == "T0PARTNER1");
}
