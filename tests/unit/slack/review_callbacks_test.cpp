#include "desk_bench.hpp"
#include "services/slack/review_ids.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::slack;
using namespace hallpass::test;
using access::decision_result;
using access::request_state;
using access::verdict;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

constexpr const char* ok = R"({"ok":true})";
constexpr const char* bob = R"({"ok":true,"user":{"id":"U0000BOB1","team_id":"T0000OWN1","deleted":false,
    "is_bot":false,"is_restricted":false,"is_ultra_restricted":false,"is_email_confirmed":true,
    "profile":{"email":"bob@example.com"}}})";

std::string text_of_view(const json::value& view) {
    return json::serialize(view);
}

// The view that an answer puts in the place of the form.
std::string updated_view(const ports::callback_response& answered) {
    REQUIRE(answered.status == 200);
    const json::value body = json::parse(answered.body);
    REQUIRE(body.at("response_action") == "update");
    return text_of_view(body.at("view"));
}

std::string opened_view(const desk_bench& all, std::size_t call = 1) {
    return text_of_view(all.body_of(call).at("view"));
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

void expect_approved(desk_bench& all) {
    all.desk.outcome.what = decision_result::accepted;
    all.desk.outcome.state = request_state::approved;
}

} // namespace

TEST_CASE("without a signing secret there is no path, and no button") {
    desk_bench all("");
    CHECK(all.routes.empty());
    all.around.http.script.clear();
    all.around.http.script.emplace_back(answer(R"({"ok":true,"channel":"C0123ABCD","ts":"1.2"})"));
    const access::delivery_key key(sample_request().id, "card");
    const auto posted = all.around.run([&] {
        return all.slack.post(access::address("C0123ABCD"), approver_card(sample_request()), key);
    });
    CHECK(posted.has_value());
    CHECK_FALSE(has(all.around.http.asked.at(0).body, "actions"));
}

TEST_CASE("a card has buttons until it is resolved") {
    desk_bench all;
    REQUIRE(all.routes.size() == 1);
    CHECK(all.routes.front().path == interactivity_path);
    all.around.http.script.clear();
    all.around.http.script.emplace_back(answer(R"({"ok":true,"channel":"C0123ABCD","ts":"1.2"})"));
    all.around.http.script.emplace_back(answer(ok));
    const access::delivery_key key(sample_request().id, "card");
    const auto posted = all.around.run([&] {
        return all.slack.post(access::address("C0123ABCD"), approver_card(sample_request()), key);
    });
    REQUIRE(posted.has_value());
    const auto gone = all.around.run([&] {
        return all.slack.update(
            *posted, approver_card(resolved(sample_request(), request_state::denied, ""))
        );
    });
    CHECK(gone.has_value());
    CHECK(has(all.around.http.asked.at(0).body, approve_action));
    CHECK_FALSE(has(all.around.http.asked.at(1).body, approve_action));
}

TEST_CASE("what Slack didn't sign is refused alike, and nothing is asked or read of it") {
    desk_bench all;
    const auto now = std::chrono::floor<std::chrono::seconds>(all.time.time.time_since_epoch()).count();
    const auto good = signed_callback(body_of_payload(form_payload(verdict::approve, "")), now);
    auto altered = good;
    altered.body.back() = 'x';
    ports::callback_request bare;
    bare.body = good.body;
    auto large = signed_callback(std::string(largest_callback + 1, 'x'), now);
    for (const auto& bad : {altered, bare, large}) {
        const auto refused = all.post(bad);
        CHECK(refused.status == 401);
        CHECK(refused.body == ports::refused_callback().body);
    }
    CHECK(all.around.http.asked.empty());
    CHECK(all.desk.decisions.empty());
    CHECK_FALSE(has(all.around.log.text, signing_secret));
}

TEST_CASE("a click opens the form, in one try") {
    desk_bench all;
    all.around.http.script.emplace_back(answer(ok));
    const auto answered = all.post(click_payload(verdict::approve));
    CHECK(answered.status == 200);
    CHECK(answered.body.empty());
    CHECK(all.methods() == texts{"auth.test", "views.open"});
    CHECK(all.body_of(1).at("trigger_id") == "13345224609.738474920.8088930838d88f008e0");
    CHECK(has(opened_view(all), form_callback));
    CHECK(has(opened_view(all), "alice@example.com"));
    CHECK_FALSE(has(opened_view(all), confirm_block));
    CHECK_FALSE(all.around.http.asked.at(1).repeatable);
    CHECK(all.around.http.asked.at(1).deadline <= std::chrono::seconds(2));
    CHECK(all.desk.decisions.empty());
}

TEST_CASE("a form asks for a confirmation where the role wants one") {
    desk_bench all;
    all.desk.written.confirm_roles = {"prod-admin"};
    all.around.http.script.emplace_back(answer(ok));
    all.post(click_payload(verdict::approve));
    CHECK(has(opened_view(all), confirm_block));
}

TEST_CASE("a look-up that fails or is late still opens a form, which asks for all that may be wanted") {
    for (const bool late : {false, true}) {
        CAPTURE(late);
        desk_bench all;
        all.desk.written.confirm_roles = {"prod-admin"};
        all.around.http.script.emplace_back(answer(ok));
        if (late) {
            all.time.is_short = true;
            all.desk.hold();
        } else {
            all.desk.found = fault(fault_kind::transient, "no answer");
        }
        all.post(click_payload(verdict::approve));
        CHECK(has(opened_view(all), form_callback));
        CHECK(has(opened_view(all), sample_request().id));
        CHECK(has(opened_view(all), confirm_block));
        all.desk.release();
        all.settle();
        CHECK(all.desk.running == 0);
    }
}

TEST_CASE("a click on what is decided or gone says so, instead of a form") {
    desk_bench all;
    const auto request = resolved(reviewed_request(), request_state::denied, "");
    all.desk.found = std::optional(ports::shown_request{request, approver_card(request)});
    all.around.http.script.emplace_back(answer(ok));
    all.around.http.script.emplace_back(answer(ok));
    all.post(click_payload(verdict::approve));
    CHECK(has(opened_view(all), "already been denied by carol@example.com"));
    CHECK_FALSE(has(opened_view(all), form_callback));
    all.desk.found = std::optional<ports::shown_request>();
    all.post(click_payload(verdict::deny));
    CHECK(has(opened_view(all, 2), "has expired or was deleted"));
}

TEST_CASE("a form that Slack doesn't open is logged, and the click is answered") {
    desk_bench all;
    all.around.http.script.emplace_back(answer(R"({"ok":false,"error":"expired_trigger_id"})"));
    const auto answered = all.post(click_payload(verdict::approve));
    CHECK(answered.status == 200);
    CHECK(has(all.around.log.text, "modal_not_opened"));
    CHECK(all.methods().size() == 2);
}

TEST_CASE("a sent form decides once, as the person whom Slack knows") {
    desk_bench all;
    expect_approved(all);
    all.around.http.script.emplace_back(answer(bob));
    const auto answered = all.post(form_payload(verdict::approve, "looks right"));
    CHECK(has(updated_view(answered), "Your approval is recorded. The request is approved."));
    CHECK(all.methods() == texts{"auth.test", "users.info?user=U0000BOB1"});
    REQUIRE(all.desk.decisions.size() == 1);
    const access::decision& asked = all.desk.decisions.front();
    CHECK(asked.request_id == sample_request().id);
    CHECK(asked.what == verdict::approve);
    CHECK(asked.reason == "looks right");
    CHECK(asked.person.service == "slack");
    CHECK(asked.person.id == "U0000BOB1");
    REQUIRE(asked.person.facts);
    CHECK(asked.person.facts->email == "bob@example.com");
    CHECK_FALSE(asked.person.facts->guest);
    // The very same callback again is a replay.
    CHECK(all.post(form_payload(verdict::approve, "looks right")).status == 401);
    CHECK(all.desk.decisions.size() == 1);
    CHECK(all.desk.running == 0);
}

TEST_CASE("guests, bots and people of other workspaces are passed on as such") {
    desk_bench all;
    all.around.http.script.emplace_back(answer(
        R"({"ok":true,"user":{"id":"U0000BOB1","team_id":"T0000XXX1","deleted":false,"is_bot":true,
            "is_restricted":true,"is_ultra_restricted":false}})"
    ));
    all.desk.outcome.what = decision_result::not_mapped;
    const auto answered = all.post(form_payload(verdict::deny, "no"));
    CHECK(has(updated_view(answered), "not linked to a Teleport user"));
    REQUIRE(all.desk.decisions.size() == 1);
    REQUIRE(all.desk.decisions.front().person.facts);
    const access::account_facts facts = *all.desk.decisions.front().person.facts;
    CHECK(facts.guest);
    CHECK(facts.bot);
    CHECK(facts.foreign);
}

TEST_CASE("an account that Slack doesn't tell of is passed on without facts") {
    desk_bench all;
    all.around.http.script.emplace_back(answer(R"({"ok":false,"error":"user_not_found"})"));
    all.post(form_payload(verdict::deny, "no"));
    REQUIRE(all.desk.decisions.size() == 1);
    CHECK_FALSE(all.desk.decisions.front().person.facts);
    CHECK(has(all.around.log.text, "account_not_looked_up"));
}

TEST_CASE("what comes from another workspace is refused") {
    for (auto payload : {click_payload(verdict::approve), form_payload(verdict::approve, "")}) {
        desk_bench all;
        payload["team"] = json::object{{"id", "T0000XXX1"}};
        CHECK(all.post(payload).status == 401);
        CHECK(all.methods() == texts{"auth.test"});
        CHECK(all.desk.decisions.empty());
    }
}

TEST_CASE("what is for another app is refused, once Slack has said which is ours") {
    desk_bench all;
    all.around.http.script.emplace_back(answer(R"({"ok":true,"bot":{"id":"B1","app_id":"A0000OWN1"}})"));
    REQUIRE(all.around.run([&] { return all.slack.check(); }).has_value());
    CHECK(all.methods() == texts{"auth.test", "bots.info?bot=B1"});
    CHECK(all.post(click_payload(verdict::approve)).status == 401);
    CHECK(all.post(form_payload(verdict::approve, "")).status == 401);
    CHECK(all.desk.decisions.empty());
    CHECK(has(all.around.log.text, "it is for another app"));
}

TEST_CASE("a form that can't be read is refused, because any other answer would close it") {
    desk_bench all;
    auto form = form_payload(verdict::approve, "");
    form.at("view").as_object()["private_metadata"] = "{}";
    CHECK(all.post(form).status == 401);
    const auto now = std::chrono::floor<std::chrono::seconds>(all.time.time.time_since_epoch()).count();
    CHECK(all.post(signed_callback("payload=%7B", now)).status == 401);
    CHECK(all.desk.decisions.empty());
}

TEST_CASE("while nobody knows which workspace is ours, nothing is decided") {
    desk_bench all;
    all.around.http.script.clear();
    all.around.http.script.emplace_back(fault(fault_kind::transient, "no answer"));
    all.around.http.script.emplace_back(fault(fault_kind::transient, "no answer"));
    all.around.http.script.emplace_back(answer(ok));
    const auto answered = all.post(form_payload(verdict::approve, ""));
    CHECK(has(updated_view(answered), "Nothing was recorded"));
    CHECK(all.post(click_payload(verdict::approve)).status == 200);
    CHECK(has(opened_view(all, 2), "Nothing was recorded"));
    CHECK(all.desk.decisions.empty());
}

TEST_CASE("a reason and a confirmation that are wanted are asked for again") {
    desk_bench all;
    all.desk.written.reason = access::reason_rule::for_denial;
    const auto answered = all.post(form_payload(verdict::deny, "  "));
    const json::value body = json::parse(answered.body);
    CHECK(body.at("response_action") == "errors");
    CHECK(body.at("errors").as_object().contains(reason_block));
    auto form = form_payload(verdict::approve, "");
    form_facts facts;
    facts.request_id = sample_request().id;
    facts.what = verdict::approve;
    facts.confirm = true;
    form.at("view").as_object()["private_metadata"] = to_private_metadata(facts);
    const json::value again = json::parse(all.post(form).body);
    CHECK(again.at("errors").as_object().contains(confirm_block));
    CHECK(all.desk.decisions.empty());
    CHECK(all.around.http.asked.empty());
}

TEST_CASE("where Teleport is slow the view asks for patience first, and tells the outcome when it is known") {
    desk_bench all;
    expect_approved(all);
    all.time.is_short = true;
    all.desk.hold();
    all.around.http.script.emplace_back(answer(bob));
    const auto answered = all.post(form_payload(verdict::approve, ""));
    const std::string view = updated_view(answered);
    CHECK(has(view, "Teleport is being asked"));
    CHECK_FALSE(has(view, "is recorded"));
    all.around.http.script.emplace_back(answer(R"({"ok":false,"error":"not_found"})"));
    all.settle();
    CHECK(all.desk.running == 1);
    CHECK(all.methods() == texts{"auth.test", "users.info?user=U0000BOB1"});
    all.desk.release();
    all.settle();
    CHECK(all.methods() == texts{"auth.test", "users.info?user=U0000BOB1", "views.update"});
    CHECK(all.body_of(2).at("view_id") == "V0123ABCD");
    CHECK(has(opened_view(all, 2), "Your approval is recorded. The request is approved."));
    CHECK(has(all.around.log.text, "outcome_not_shown"));
    CHECK(all.desk.running == 0);
    CHECK(all.desk.decisions.size() == 1);
}

TEST_CASE("what is nothing of ours is answered, and asks nobody") {
    desk_bench all;
    auto other = click_payload(verdict::approve);
    other["type"] = "view_closed";
    const auto answered = all.post(other);
    CHECK(answered.status == 200);
    CHECK(answered.body.empty());
    CHECK(all.around.http.asked.empty());
}
