#include "desk_bench.hpp"
#include "services/discord/review_ids.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::discord;
using namespace hallpass::test;
using access::decision_result;
using access::request_state;
using access::verdict;
namespace json = boost::json;

namespace {

constexpr const char* posted = R"({"id":"600000000000000001","embeds":[{}]})";

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// What an answer says to the person alone.
std::string words_of(const json::object& answer) {
    REQUIRE(answer.at("type") == 4);
    CHECK(answer.at("data").at("flags") == 64);
    CHECK(answer.at("data").at("allowed_mentions").at("parse").as_array().empty());
    return std::string(answer.at("data").at("content").as_string());
}

std::string form_of(const json::object& answer) {
    REQUIRE(answer.at("type") == 9);
    return json::serialize(answer);
}

void expect_approved(desk_bench& all) {
    all.desk.outcome.what = decision_result::accepted;
    all.desk.outcome.state = request_state::approved;
}

std::string body_of_call(const desk_bench& all, std::size_t call) {
    return all.around.http.asked.at(call).body;
}

} // namespace

TEST_CASE("without a public key there is no path, and no button") {
    desk_bench all(false);
    CHECK(all.routes.empty());
    all.around.http.script.emplace_back(answer(posted));
    const access::delivery_key key(sample_request().id, "card");
    const auto sent = all.around.run([&] {
        return all.discord.post(access::address("200000000000000001"), approver_card(sample_request()), key);
    });
    CHECK(sent.has_value());
    CHECK(has(body_of_call(all, 0), R"("components":[])"));
}

TEST_CASE("an application or a key that isn't the token's is told of, because its callbacks would be refused"
) {
    const std::string own = R"("id":"500000000000000001")";
    const std::string key = R"("verify_key":")" + std::string(public_key) + '"';
    const std::string other_key = R"("verify_key":")" + std::string(64, 'a') + '"';
    const auto is_told = [](const std::string& application) {
        desk_bench all;
        all.around.http.script.emplace_back(answer(R"({"id":"100000000000000001","username":"hallpass"})"));
        all.around.http.script.emplace_back(answer('{' + application + '}'));
        const auto checked = all.around.run([&] { return all.discord.check(); });
        CHECK(checked.has_value());
        return has(all.around.log.text, "discord_application_differs");
    };
    CHECK_FALSE(is_told(own));
    CHECK_FALSE(is_told(own + ',' + key));
    CHECK(is_told(own + ',' + other_key));
    CHECK(is_told(R"("id":"500000000000000009",)" + key));
    CHECK_FALSE(is_told(R"("name":"x","verify_key":5)"));
}

TEST_CASE("a card has buttons until it is resolved") {
    desk_bench all;
    REQUIRE(all.routes.size() == 1);
    CHECK(all.routes.front().path == interactions_path);
    all.around.http.script.emplace_back(answer(posted));
    all.around.http.script.emplace_back(answer(posted));
    const access::delivery_key key(sample_request().id, "card");
    const auto sent = all.around.run([&] {
        return all.discord.post(access::address("200000000000000001"), approver_card(sample_request()), key);
    });
    REQUIRE(sent.has_value());
    const auto gone = all.around.run([&] {
        return all.discord.update(
            *sent, approver_card(resolved(sample_request(), request_state::denied, ""))
        );
    });
    CHECK(gone.has_value());
    CHECK(has(body_of_call(all, 0), button_custom_id(verdict::deny, sample_request().id)));
    CHECK(has(body_of_call(all, 1), R"("components":[])"));
}

TEST_CASE("what Discord didn't sign is refused alike, and nothing is asked or read of it") {
    desk_bench all;
    const auto now = std::chrono::floor<std::chrono::seconds>(all.time.time.time_since_epoch()).count();
    const auto good = signed_callback(json::serialize(form_payload(verdict::approve, "")), now);
    auto altered = good;
    altered.body.back() = ' ';
    ports::callback_request bare;
    bare.body = good.body;
    auto large = signed_callback(std::string(largest_callback + 1, ' '), now);
    auto odd = signed_callback("[]", now);
    for (const auto& bad : {altered, bare, large, odd}) {
        const auto refused = all.post(bad);
        CHECK(refused.status == 401);
        CHECK(refused.body == ports::refused_callback().body);
    }
    CHECK(all.around.http.asked.empty());
    CHECK(all.desk.decisions.empty());
}

TEST_CASE("a ping is answered, with and without the application's id, and once") {
    desk_bench all;
    CHECK(all.answer_to(json::object{{"type", 1}}) == json::object{{"type", 1}});
    CHECK(all.answer_to(json::object{{"type", 1}, {"application_id", application_id}}).at("type") == 1);
    CHECK(all.post(json::object{{"type", 1}}).status == 401);
    CHECK(all.post(json::object{{"type", 1}, {"application_id", "500000000000000002"}}).status == 401);
}

TEST_CASE("what is for another application is refused") {
    for (auto payload : {click_payload(verdict::approve), form_payload(verdict::approve, "")}) {
        desk_bench all;
        payload["application_id"] = "500000000000000002";
        CHECK(all.post(payload).status == 401);
        payload.erase("application_id");
        CHECK(all.post(payload).status == 401);
        CHECK(all.desk.decisions.empty());
        CHECK(has(all.around.log.text, "callback_refused"));
    }
}

TEST_CASE("a click is answered with the form, and calls nobody") {
    desk_bench all;
    const std::string form = form_of(all.answer_to(click_payload(verdict::approve)));
    CHECK(has(form, "hallpass-form:approve:" + sample_request().id));
    CHECK(has(form, "alice@example.com"));
    CHECK_FALSE(has(form, "This role is sensitive"));
    CHECK(all.around.http.asked.empty());
    CHECK(all.desk.decisions.empty());
    CHECK(all.desk.running == 0);
}

TEST_CASE("a form asks for a confirmation where the role wants one, and for a reason where the rules do") {
    desk_bench all;
    all.desk.written.confirm_roles = {"prod-admin"};
    all.desk.written.reason = access::reason_rule::for_denial;
    const std::string approving = form_of(all.answer_to(click_payload(verdict::approve)));
    CHECK(has(approving, "hallpass-confirm:approve:"));
    CHECK(has(approving, R"("max_length":500,"required":false)"));
    const std::string denying = form_of(all.answer_to(click_payload(verdict::deny)));
    CHECK(has(denying, "hallpass-form:deny:"));
    CHECK(has(denying, R"("max_length":500,"required":true)"));
}

TEST_CASE("a look-up that fails or is late still opens a form, which asks for all that may be wanted") {
    for (const bool late : {false, true}) {
        CAPTURE(late);
        desk_bench all;
        all.desk.written.confirm_roles = {"prod-admin"};
        if (late) {
            all.time.is_short = true;
            all.desk.hold();
        } else {
            all.desk.found = fault(fault_kind::transient, "no answer");
        }
        const std::string form = form_of(all.answer_to(click_payload(verdict::approve)));
        CHECK(has(form, "hallpass-confirm:approve:" + sample_request().id));
        all.desk.release();
        all.settle();
        CHECK(all.desk.running == 0);
    }
}

TEST_CASE("a click on what is decided or gone says so to who clicked, instead of a form") {
    desk_bench all;
    const auto request = resolved(reviewed_request(), request_state::denied, "");
    all.desk.found = std::optional(ports::shown_request{request, approver_card(request)});
    const std::string said = words_of(all.answer_to(click_payload(verdict::approve)));
    CHECK(has(said, "already been denied by carol@example.com"));
    all.desk.found = std::optional<ports::shown_request>();
    const std::string gone = words_of(all.answer_to(click_payload(verdict::deny)));
    CHECK(has(gone, "has expired or was deleted"));
}

TEST_CASE("a sent form decides once, as the account that Discord proves") {
    desk_bench all;
    expect_approved(all);
    const json::object form = form_payload(verdict::approve, "looks right");
    const std::string said = words_of(all.answer_to(form));
    CHECK(has(said, "Your approval is recorded. The request is approved."));
    REQUIRE(all.desk.decisions.size() == 1);
    const access::decision& asked = all.desk.decisions.front();
    CHECK(asked.request_id == sample_request().id);
    CHECK(asked.what == verdict::approve);
    CHECK(asked.reason == "looks right");
    CHECK(asked.person.service == "discord");
    CHECK(asked.person.id == bob_id);
    REQUIRE(asked.person.facts);
    CHECK_FALSE(asked.person.facts->foreign);
    // The very same callback again is a replay.
    CHECK(all.post(form).status == 401);
    CHECK(all.desk.decisions.size() == 1);
    CHECK(all.desk.running == 0);
}

TEST_CASE("bots are passed on as such, and told what the desk says") {
    desk_bench all;
    all.desk.outcome.what = decision_result::not_mapped;
    json::object form = form_payload(verdict::deny, "no");
    form.at("member").at("user").as_object()["bot"] = true;
    CHECK(has(words_of(all.answer_to(form)), "not linked to a Teleport user"));
    REQUIRE(all.desk.decisions.size() == 1);
    CHECK(all.desk.decisions.front().person.facts->bot);
}

TEST_CASE("a reason and a confirmation that are wanted must be there") {
    desk_bench all;
    all.desk.written.reason = access::reason_rule::for_denial;
    const std::string reason = words_of(all.answer_to(form_payload(verdict::deny, "  ")));
    CHECK(has(reason, "A reason is required"));
    const form_facts sensitive{sample_request().id, verdict::approve, true};
    const std::string confirm = words_of(all.answer_to(form_payload(sensitive, "")));
    CHECK(has(confirm, "Nothing was recorded"));
    CHECK(all.desk.decisions.empty());
    expect_approved(all);
    CHECK(has(words_of(all.answer_to(form_payload(sensitive, "", true))), "is recorded"));
}

TEST_CASE("where Teleport is slow the person waits, and is told when it is known, by a secret that stays one"
) {
    desk_bench all;
    expect_approved(all);
    all.time.is_short = true;
    all.desk.hold();
    const json::object waiting = all.answer_to(form_payload(verdict::approve, ""));
    CHECK(waiting.at("type") == 5);
    CHECK(waiting.at("data").at("flags") == 64);
    all.settle();
    CHECK(all.desk.running == 1);
    CHECK(all.around.http.asked.empty());
    // Not yet taken by Discord, then gone for good.
    all.around.http.script.emplace_back(answer(R"({"message":"Unknown Webhook","code":10015})", 404));
    all.around.http.script.emplace_back(answer(R"({"message":"Invalid Webhook Token","code":50027})", 401));
    all.desk.release();
    all.settle();
    REQUIRE(all.around.http.asked.size() == 2);
    for (const ports::http_request& call : all.around.http.asked) {
        CHECK(call.method == ports::http_method::patch);
        CHECK(
            call.url == "https://discord.example/api/v10/webhooks/500000000000000001/" +
                            std::string(interaction_token) + "/messages/@original"
        );
        CHECK(call.logged_as == "webhooks/500000000000000001/…");
        CHECK(ports::find_header(call.headers, "Authorization").empty());
        CHECK(has(call.body, "Your approval is recorded. The request is approved."));
        for (const ports::pace_key& pace : call.pace_keys) {
            CHECK_FALSE(has(pace.name, interaction_token));
        }
    }
    CHECK(has(all.around.log.text, "outcome_not_shown"));
    CHECK_FALSE(has(all.around.log.text, interaction_token));
    CHECK(all.desk.running == 0);
    CHECK(all.desk.decisions.size() == 1);
}

TEST_CASE("what is nothing of ours is answered, and asks nobody") {
    desk_bench all;
    auto other = click_payload(verdict::approve);
    other.at("data").as_object()["custom_id"] = "of-another-version";
    CHECK(has(words_of(all.answer_to(other)), "doesn't know this button"));
    CHECK(all.around.http.asked.empty());
    CHECK(all.desk.decisions.empty());
}
