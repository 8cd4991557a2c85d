#include "services/slack/review_ids.hpp"
#include "socket_bench.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using namespace std::chrono_literals;
using access::decision_result;
using access::verdict;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

constexpr const char* ok = R"({"ok":true})";
constexpr const char* bob = R"({"ok":true,"user":{"id":"U0000BOB1","team_id":"T0000OWN1","deleted":false,
    "is_bot":false,"is_restricted":false,"is_ultra_restricted":false,"is_email_confirmed":true,
    "profile":{"email":"bob@example.com"}}})";

bool has(const json::value& shown, std::string_view part) {
    return json::serialize(shown).find(part) != std::string::npos;
}

void expect_approved(socket_bench& all) {
    all.desk.outcome.what = decision_result::accepted;
    all.desk.outcome.state = access::request_state::approved;
}

} // namespace

TEST_CASE("with an app-level token two connections are asked for, each by an address of its own") {
    socket_bench all;
    CHECK(all.routes.empty());
    CHECK(all.methods() == texts{"apps.connections.open", "apps.connections.open"});
    CHECK(all.around.http.asked.at(0).headers.at(0).second == "Bearer xapp-the-secret");
    REQUIRE(all.sockets.asked.size() == 2);
    CHECK(all.sockets.asked.at(0).url == "wss://wss.slack.example/link/?ticket=abc");
    CHECK(all.sockets.asked.at(0).max_message_bytes == 256 * 1024);
    CHECK(all.count_logged("slack_socket_open") == 0);
    all.greet();
    CHECK(all.count_logged("slack_socket_open app=A0123ABCD") == 2);
}

TEST_CASE("a click is acknowledged, without a payload, when its form is open") {
    socket_bench all;
    all.open_all();
    all.next_answer(ok);
    all.send(1, "e-1", click_payload(verdict::approve));
    CHECK(all.methods().back() == "views.open");
    CHECK(all.answer_on(1) == json::object{{"envelope_id", "e-1"}});
    CHECK(all.line(0).sent.empty());
}

TEST_CASE("a form is acknowledged with its outcome, and not before that is known") {
    socket_bench all;
    all.open_all();
    expect_approved(all);
    all.desk.hold();
    all.next_answer(bob);
    all.send(0, "e-1", form_payload(verdict::approve, "looks right"));
    CHECK(all.desk.decisions.size() == 1);
    CHECK(all.line(0).sent.empty());
    all.desk.release();
    all.settle();
    const json::object answered = all.answer_on(0);
    CHECK(answered.at("envelope_id") == "e-1");
    CHECK(answered.at("payload").at("response_action") == "update");
    CHECK(has(answered.at("payload"), "Your approval is recorded"));
}

TEST_CASE("while one envelope is handled the next one is read") {
    socket_bench all;
    all.open_all();
    all.desk.hold();
    all.next_answer(bob);
    all.send(0, "e-1", form_payload(verdict::approve, ""));
    all.line(0).say(R"({"type":"events_api","envelope_id":"e-2","payload":{}})");
    all.settle();
    CHECK(all.answer_on(0) == json::object{{"envelope_id", "e-2"}});
}

TEST_CASE("what is refused is not acknowledged, which would look like success") {
    auto from_elsewhere = form_payload(verdict::approve, "");
    from_elsewhere["team"] = json::object{{"id", "T0000XXX1"}};
    auto of_another_app = form_payload(verdict::approve, "");
    of_another_app["api_app_id"] = "A0000XXX1";
    auto click_of_another_app = click_payload(verdict::approve);
    click_of_another_app["api_app_id"] = "A0000XXX1";
    auto malformed = form_payload(verdict::approve, "");
    malformed.at("view").as_object()["private_metadata"] = "{}";
    for (const auto& bad : {from_elsewhere, of_another_app, click_of_another_app, malformed}) {
        socket_bench all;
        all.open_all();
        all.send(0, "e-1", bad);
        CHECK(all.line(0).sent.empty());
        CHECK(all.desk.decisions.empty());
        CHECK(all.logged("slack_envelope_refused"));
        all.send(0, "e-1", bad);
        CHECK(all.line(0).sent.empty());
    }
}

TEST_CASE("what isn't for us is acknowledged bare, and what isn't Slack's form is ignored") {
    socket_bench all;
    all.open_all();
    all.send(0, "e-1", {{"type", "view_closed"}});
    CHECK(all.answer_on(0) == json::object{{"envelope_id", "e-1"}});
    for (const char* text : {"", "[]", "{}", "{", R"({"type":"interactive","envelope_id":"a b"})"}) {
        all.line(0).say(text);
    }
    all.settle();
    CHECK(all.line(0).sent.size() == 1);
    CHECK(all.count_logged("slack_socket_message_ignored") == 5);
    CHECK(all.methods() == texts{"apps.connections.open", "apps.connections.open"});
}

TEST_CASE("an envelope that comes again is one decision, and gets the same answer") {
    socket_bench all;
    all.open_all();
    expect_approved(all);
    all.next_answer(bob);
    all.send(0, "e-1", form_payload(verdict::approve, ""));
    all.send(1, "e-1", form_payload(verdict::approve, ""));
    CHECK(all.desk.decisions.size() == 1);
    CHECK(all.answer_on(0) == all.answer_on(1));
}

TEST_CASE("an envelope that comes again meanwhile is answered where it came last") {
    socket_bench all;
    all.open_all();
    all.desk.hold();
    all.next_answer(bob);
    all.send(0, "e-1", form_payload(verdict::approve, ""));
    all.send(1, "e-1", form_payload(verdict::approve, ""));
    all.desk.release();
    all.settle();
    CHECK(all.desk.decisions.size() == 1);
    CHECK(all.line(0).sent.empty());
    CHECK(all.answer_on(1).at("envelope_id") == "e-1");
}

TEST_CASE("an outcome that can't be given to the form any more is put into it") {
    socket_bench all;
    all.open_all();
    expect_approved(all);
    all.desk.hold();
    all.next_answer(bob);
    all.send(0, "e-1", form_payload(verdict::approve, ""));
    all.next_answer(ok);
    all.line(0).end();
    all.desk.release();
    all.settle();
    CHECK(all.methods().back() == "views.update");
    const auto call = all.around.http.asked.size() - 1;
    CHECK(all.around.body_of(call).at("view_id") == "V0123ABCD");
    CHECK(has(all.around.body_of(call), "Your approval is recorded"));
    CHECK(all.logged("slack_answer_not_sent"));
}

TEST_CASE("a stop acknowledges what is under way, and then closes") {
    socket_bench all;
    all.open_all();
    all.desk.hold();
    all.next_answer(bob);
    all.send(0, "e-1", form_payload(verdict::approve, ""));
    all.desk.stop();
    all.settle();
    CHECK(all.line(1).closed_with == 1000);
    CHECK(all.line(0).closed_with == 0);
    all.desk.release();
    all.settle();
    CHECK(all.answer_on(0).at("envelope_id") == "e-1");
    CHECK(all.line(0).closed_with == 1000);
    CHECK(all.desk.running == 0);
}
