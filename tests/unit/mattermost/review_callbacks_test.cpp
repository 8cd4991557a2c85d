#include "desk_bench.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <cctype>

using namespace hallpass;
using namespace hallpass::test;
using access::decision_result;
namespace json = boost::json;

namespace {

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// Clicked, and the form is open.
struct open_form : desk_bench {
    explicit open_form(std::string_view action = "approve") {
        expect_click();
        const auto answered = click(click_on(action, bob_id));
        REQUIRE(answered.status == 200);
        REQUIRE(answered.body == "{}");
    }
};

// What is sealed, with its mark in capitals.
std::string with_shouted_mark(std::string sealed) {
    for (std::size_t i = 0; i < 64; ++i) {
        sealed.at(i) = static_cast<char>(std::toupper(static_cast<unsigned char>(sealed.at(i))));
    }
    return sealed;
}

json::object reason(std::string_view words) {
    return {{"reason", words}};
}

} // namespace

TEST_CASE("a pending card has buttons, which call us and hold nothing but what is sealed") {
    desk_bench all;
    const json::object card = all.posted_card();
    const json::array& actions = card.at("props").at("attachments").at(0).at("actions").as_array();
    REQUIRE(actions.size() == 2);
    CHECK(actions[0].at("id") == "approve");
    CHECK(actions[0].at("integration").at("url") == "https://hallpass.example/mattermost/actions");
    CHECK(actions[0].at("integration").at("context").as_object().size() == 1);
    CHECK(actions[0].at("integration").at("context") != actions[1].at("integration").at("context"));
    REQUIRE(all.routes.size() == 2);
    CHECK(all.routes[0].path == "/mattermost/actions");
    CHECK(all.routes[1].path == "/mattermost/dialog");
}

TEST_CASE("a card that nobody can decide, and the requester's copy, have no buttons") {
    desk_bench all;
    auto denied = resolved(sample_request(), access::request_state::denied, "no");
    auto long_term = approver_card(sample_request());
    long_term.long_term = true;
    for (const auto& card : {approver_card(denied), requester_card(sample_request()), long_term}) {
        all.around.http.script.emplace_back(answer(R"({"id":"postpostpostpostpostpost01"})"));
        const auto done = all.around.run([&] {
            return all.mattermost.update(access::message_ref(channel_id, post_id), card);
        });
        CHECK(done.has_value());
        CHECK_FALSE(has(all.around.http.asked.back().body, "actions"));
    }
}

TEST_CASE("without a public address nothing is decided") {
    service_bench around;
    services::mattermost::mattermost_service mattermost(
        bench::config(std::nullopt), ports::service_environment{around.http, around.time, around.log}
    );
    scripted_desk desk(around.context);
    CHECK(mattermost.take_decisions(desk).empty());
}

TEST_CASE("a click opens a form with the request's facts for who clicked") {
    open_form all;
    CHECK(
        all.calls() ==
        std::vector<std::string>{
            "GET users/me", "GET posts/postpostpostpostpostpost01", "POST actions/dialogs/open"}
    );
    const json::object opened = all.around.body_of(2);
    CHECK(opened.at("trigger_id").as_string() == trigger_for(bob_id, all.time.time));
    CHECK(opened.at("url") == "https://hallpass.example/mattermost/dialog");
    const json::value& dialog = opened.at("dialog");
    CHECK(dialog.at("title") == "Approve request");
    CHECK(has(dialog.at("introduction_text").as_string(), "alice@example.com"));
    CHECK(dialog.at("elements").at(0).at("name") == "reason");
    CHECK(dialog.at("elements").at(0).at("optional") == true);
    CHECK_FALSE(all.around.http.asked.at(2).repeatable);
}

TEST_CASE("a form decides in the name of its person, with what Mattermost says of the account now") {
    open_form all;
    all.expect_account(
        bob_id, R"("roles":"system_user","delete_at":0,"email":"bob@example.com","email_verified":true)"
    );
    all.around.http.script.emplace_back(answer(R"({"id":"noteeeeeeeeeeeeeeeeeeeeee1"})", 201));
    const auto answered = all.submit(all.form_of(bob_id, reason(" fine ")));
    CHECK(answered.status == 200);
    CHECK(answered.body == "{}");
    REQUIRE(all.desk.decisions.size() == 1);
    const access::decision& asked = all.desk.decisions[0];
    CHECK(asked.request_id == sample_request().id);
    CHECK(asked.what == access::verdict::approve);
    CHECK(asked.reason == "fine");
    CHECK(asked.person.service == "mattermost");
    CHECK(asked.person.id == bob_id);
    REQUIRE(asked.person.facts);
    CHECK(asked.person.facts->active);
    CHECK(asked.person.facts->email == "bob@example.com");
    CHECK(asked.person.facts->email_verified);
    CHECK_FALSE(asked.person.facts->guest);
    CHECK_FALSE(asked.person.facts->bot);
    CHECK_FALSE(asked.person.facts->foreign);
    all.settle();
    CHECK(all.calls().back() == "POST posts/ephemeral");
    const json::object note = all.around.body_of(all.around.http.asked.size() - 1);
    CHECK(note.at("user_id") == bob_id);
    CHECK(note.at("post").at("channel_id") == channel_id);
    CHECK(has(note.at("post").at("message").as_string(), "Your approval is recorded."));
}

TEST_CASE("where the bot may not post for one person's eyes, the outcome comes as a direct message") {
    open_form all;
    all.expect_account(bob_id);
    all.around.http.script.emplace_back(
        answer(R"({"id":"api.context.permissions.app_error","message":"no"})", 403)
    );
    all.around.http.script.emplace_back(answer(R"({"id":"directdirectdirectdirect01"})", 201));
    all.around.http.script.emplace_back(answer(R"({"id":"noteeeeeeeeeeeeeeeeeeeeee1"})", 201));
    all.submit(all.form_of(bob_id, reason("fine")));
    all.settle();
    CHECK(all.calls().back() == "POST posts");
    CHECK(all.around.body_of(all.around.http.asked.size() - 1).at("channel_id") == direct_id);
}

TEST_CASE("what comes to nothing is told in the form, which stays, and never as success") {
    for (const auto what :
         {decision_result::own_request, decision_result::not_mapped, decision_result::no_permission,
          decision_result::already_reviewed, decision_result::expired, decision_result::unknown}) {
        CAPTURE(access::to_string(what));
        open_form all;
        all.desk.outcome.what = what;
        all.expect_account(bob_id);
        const auto answered = all.submit(all.form_of(bob_id, reason("fine")));
        CHECK(has(answered.body, R"({"error":")"));
        CHECK_FALSE(has(answered.body, "is recorded."));
        all.settle();
        CHECK(all.calls().back() != "POST posts/ephemeral");
    }
}

TEST_CASE("a form counts once, unless nothing could be recorded") {
    open_form all;
    const json::object form = all.form_of(bob_id, reason("fine"));
    all.desk.outcome.what = decision_result::unreachable;
    all.expect_account(bob_id);
    CHECK(has(all.submit(form).body, "try again"));
    all.desk.outcome.what = decision_result::accepted;
    all.expect_account(bob_id);
    CHECK(all.submit(form).body == "{}");
    CHECK(all.submit(form).status == 401);
    CHECK(all.desk.decisions.size() == 2);
}

TEST_CASE("a decision that takes long is answered with patience, and its outcome follows") {
    open_form all;
    all.desk.hold();
    all.time.is_short = true;
    all.expect_account(bob_id);
    all.around.http.script.emplace_back(answer(R"({"id":"noteeeeeeeeeeeeeeeeeeeeee1"})", 201));
    all.around.http.script.emplace_back(answer(R"({"id":"noteeeeeeeeeeeeeeeeeeeeee2"})", 201));
    const auto answered = all.submit(all.form_of(bob_id, reason("fine")));
    CHECK(answered.body == "{}");
    all.settle();
    const auto said = [&] { return all.around.http.asked.back().body; };
    CHECK(has(said(), "Teleport is being asked to record your approval."));
    all.desk.release();
    all.settle();
    CHECK(has(said(), "Your approval is recorded."));
}

TEST_CASE(
    "a reason that is asked for and a confirmation are errors at their fields, and the form can be sent again"
) {
    desk_bench all;
    all.desk.written.reason = access::reason_rule::always;
    all.desk.written.confirm_roles = {"*"};
    all.expect_click();
    REQUIRE(all.click(all.click_on("approve", bob_id)).status == 200);
    CHECK(all.around.body_of(2).at("dialog").at("elements").as_array().size() == 2);
    CHECK(
        all.submit(all.form_of(bob_id, reason(" "))).body ==
        R"({"errors":{"reason":"A reason is required for this approval."}})"
    );
    CHECK(has(all.submit(all.form_of(bob_id, reason("fine"))).body, R"({"errors":{"confirm":)"));
    CHECK(all.desk.decisions.empty());
    all.expect_account(bob_id);
    CHECK(all.submit(all.form_of(bob_id, {{"reason", "fine"}, {"confirm", true}})).body == "{}");
}

TEST_CASE("a request that is gone or decided is told to who clicked alone, without a form") {
    desk_bench all;
    all.desk.found = std::optional<ports::shown_request>();
    all.expect_click();
    CHECK(
        has(all.click(all.click_on("approve", bob_id)).body, R"({"ephemeral_text":"The request has expired)")
    );
    auto request = resolved(reviewed_request(), access::request_state::denied, "no");
    all.desk.found =
        std::optional<ports::shown_request>(ports::shown_request{request, approver_card(request)});
    desk_bench other;
    other.desk.found = all.desk.found;
    other.expect_click();
    const auto answered = other.click(other.click_on("approve", bob_id));
    CHECK(has(answered.body, "ephemeral_text"));
    CHECK(has(answered.body, "denied"));
    CHECK(other.calls().size() == 2);
}

TEST_CASE("a click that isn't proved is refused alike: forged, moved, posed as another, old, ended, replayed"
) {
    desk_bench all;
    const json::object good = all.click_on("approve", bob_id);
    std::vector<json::object> wrong(12, good);
    wrong[0]["context"] = json::object();
    wrong[1]["context"].as_object()["sealed"].as_string()[0] = '!';
    wrong[2]["channel_id"] = direct_id;
    wrong[3]["user_id"] = alice_id;
    wrong[4]["trigger_id"] = "";
    wrong[5]["trigger_id"] = trigger_for(bob_id, all.time.time - std::chrono::minutes(6));
    wrong[6]["trigger_id"] = trigger_for(bob_id, all.time.time + std::chrono::minutes(6));
    wrong[7]["post_id"] = "../users/me";
    const std::string changed(good.at("context").at("sealed").as_string());
    std::string denied = changed;
    denied.replace(denied.find("approve"), 7, "deny\",\"");
    wrong[8]["context"].as_object()["sealed"] = denied;
    wrong[9]["context"].as_object()["sealed"] = changed.substr(1);
    wrong[10]["context"].as_object()["sealed"] = changed + changed;
    wrong[11]["context"].as_object()["sealed"] = with_shouted_mark(changed);
    const auto refused = ports::refused_callback();
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        CAPTURE(i);
        const auto answered = all.click(wrong[i]);
        CHECK(answered.status == refused.status);
        CHECK(answered.body == refused.body);
    }
    CHECK(all.post(0, "").status == 401);
    CHECK(all.post(0, "[]").status == 401);
    CHECK(all.post(0, std::string(70'000, ' ')).status == 401);
    CHECK(all.around.http.asked.empty());
    all.expect_click();
    CHECK(all.click(good).status == 200);
    CHECK(all.click(good).status == 401);
    all.time.time += std::chrono::hours(2);
    json::object ended = good;
    ended["trigger_id"] = trigger_for(bob_id, all.time.time);
    CHECK(all.click(ended).status == 401);
}

TEST_CASE("a button's context at another post is worth nothing") {
    const json::object ours{
        {"id", post_id},
        {"user_id", bot_id},
        {"channel_id", channel_id},
        {"props", {{"hallpass", {{"request", sample_request().id}, {"part", "card"}}}}}};
    std::vector<json::object> others(3, ours);
    others[0]["user_id"] = alice_id;
    others[1]["channel_id"] = direct_id;
    others[2]["props"] = json::object();
    for (const json::object& post : others) {
        CAPTURE(json::serialize(post));
        desk_bench all;
        all.around.http.script.emplace_back(answer(R"({"id":"botbotbotbotbotbotbotbot01"})"));
        all.around.http.script.emplace_back(answer(json::serialize(post)));
        CHECK(all.click(all.click_on("approve", bob_id)).status == 401);
    }
    desk_bench gone;
    gone.around.http.script.emplace_back(answer(R"({"id":"botbotbotbotbotbotbotbot01"})"));
    gone.around.http.script.emplace_back(answer(R"({"id":"x","message":"none"})", 404));
    CHECK(gone.click(gone.click_on("approve", bob_id)).status == 401);
}

TEST_CASE("a server that doesn't answer, and a form that can't be opened, are told with what to do") {
    desk_bench down;
    down.around.http.script.emplace_back(answer(R"({"id":"x","message":"down"})", 503));
    CHECK(has(down.click(down.click_on("deny", bob_id)).body, "Nothing was recorded; please try again."));
    desk_bench all;
    all.expect_click();
    all.around.http.script.pop_back();
    all.around.http.script.emplace_back(answer(R"({"id":"x","message":"expired"})", 400));
    CHECK(has(all.click(all.click_on("deny", bob_id)).body, "The form could not be opened"));
    CHECK(has(all.around.log.text, "form_not_opened"));
}

TEST_CASE("a form that isn't proved is refused alike: forged, somebody else's, a button's seal, replayed") {
    open_form all;
    const json::object good = all.form_of(bob_id, reason("fine"));
    std::vector<json::object> wrong(8, good);
    const std::string state(good.at("state").as_string());
    wrong[0]["user_id"] = alice_id;
    wrong[1]["state"] = "x";
    wrong[2]["state"].as_string()[70] = '!';
    wrong[3]["type"] = "dialog";
    wrong[4]["state"] = all.click_on("approve", bob_id).at("context").at("sealed");
    wrong[5]["state"] = state.substr(0, state.size() - 1);
    wrong[6]["state"] = state + state;
    wrong[7]["state"] = with_shouted_mark(state);
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        CAPTURE(i);
        CHECK(all.submit(wrong[i]).status == 401);
    }
    CHECK(all.post(1, "{").status == 401);
    CHECK(all.desk.decisions.empty());
    all.time.time += std::chrono::minutes(61);
    CHECK(has(all.submit(good).body, "This form has expired"));
    CHECK(all.desk.decisions.empty());
}

TEST_CASE("a form of before this process can't be known to be new, and is to be opened again") {
    open_form old;
    const json::object form = old.form_of(bob_id, reason("fine"));
    desk_bench fresh(std::chrono::seconds(1));
    CHECK(has(fresh.submit(form).body, "This form has expired"));
    CHECK(fresh.desk.decisions.empty());
    // Another instance, which was there before, takes it.
    desk_bench beside;
    beside.expect_account(bob_id);
    CHECK(beside.submit(form).body == "{}");
    CHECK(beside.desk.decisions.size() == 1);
}
