#include "../services/samples.hpp"
#include "gateway_bench.hpp"

#include <boost/json/parse.hpp>
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

const std::string callback =
    "POST interactions/700000000000000001/" + std::string(interaction_token) + "/callback";
const std::string original =
    "webhooks/" + std::string(application_id) + '/' + std::string(interaction_token) + "/messages/@original";
constexpr const char* taken_already =
    R"({"message":"Interaction has already been acknowledged.","code":40060})";

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

json::object body_of(const gateway_bench& all, std::size_t call) {
    return json::parse(all.around.http.asked.at(call).body).as_object();
}

void expect_approved(gateway_bench& all) {
    all.desk.outcome.what = decision_result::accepted;
    all.desk.outcome.state = access::request_state::approved;
}

} // namespace

TEST_CASE("a click is answered with the form, once, however often it comes") {
    gateway_bench all;
    all.open();
    all.next_answer("", 204);
    for (int i = 0; i < 3; ++i) {
        all.tell(click_payload(verdict::approve));
    }
    CHECK(all.calls() == texts{"GET gateway/bot", callback});
    CHECK(body_of(all, 1).at("type") == 9);
    CHECK(all.desk.decisions.empty());
    const ports::http_request& call = all.around.http.asked.at(1);
    CHECK_FALSE(call.repeatable);
    CHECK(call.deadline < 3s);
    CHECK(call.logged_as == "interactions/…");
    CHECK(ports::find_header(call.headers, "Authorization").empty());
    CHECK(call.pace_keys.empty());
}

TEST_CASE("a form is answered first, then decided, then the outcome stands in the place of the answer") {
    gateway_bench all;
    all.open();
    expect_approved(all);
    all.around.http.hold();
    all.next_answer("", 204);
    all.next_answer(R"({"id":"1"})");
    all.tell(form_payload(verdict::approve, "looks right"));
    CHECK(all.calls().back() == callback);
    CHECK(body_of(all, 1).at("type") == 5);
    CHECK(all.desk.decisions.empty());
    all.around.http.release();
    all.settle();
    REQUIRE(all.desk.decisions.size() == 1);
    const access::decision& asked = all.desk.decisions.front();
    CHECK(asked.request_id == sample_request().id);
    CHECK(asked.reason == "looks right");
    CHECK(asked.person.id == bob_id);
    CHECK(all.calls() == texts{"GET gateway/bot", callback, "PATCH " + original});
    CHECK(has(all.around.http.asked.back().body, "Your approval is recorded"));
    all.tell(form_payload(verdict::approve, "looks right"));
    CHECK(all.desk.decisions.size() == 1);
}

TEST_CASE("of two services that get one interaction, only the one whose answer Discord took decides") {
    for (const bool first_wins : {true, false}) {
        CAPTURE(first_wins);
        gateway_bench first("one");
        gateway_bench second("two");
        int reviews = 0;
        for (gateway_bench* all : {&first, &second}) {
            all->open();
            expect_approved(*all);
            const bool wins = (all == &first) == first_wins;
            if (wins) {
                all->next_answer("", 204);
                all->next_answer(R"({"id":"1"})");
            } else {
                all->next_answer(taken_already, 400);
            }
            all->tell(form_payload(verdict::approve, ""));
            reviews += static_cast<int>(all->desk.decisions.size());
            CHECK(all->desk.decisions.size() == (wins ? 1 : 0));
            CHECK(all->calls().size() == (wins ? 3 : 2));
            CHECK_FALSE(all->logged("interaction_not_answered"));
        }
        CHECK(reviews == 1);
    }
}

TEST_CASE("an answer that comes too late decides nothing") {
    gateway_bench all;
    all.open();
    all.next_answer(R"({"message":"Unknown interaction","code":10062})", 404);
    all.tell(form_payload(verdict::approve, ""));
    CHECK(all.desk.decisions.empty());
    CHECK(all.logged("interaction_not_answered"));
    CHECK_FALSE(all.time.next());
}

TEST_CASE("where nobody knows whose answer was taken nothing is decided, and who is left waiting is told") {
    for (const bool waits : {true, false}) {
        CAPTURE(waits);
        gateway_bench all;
        all.open();
        fault lost(fault_kind::transient, "the answer was lost");
        lost.set_uncertain(true);
        all.around.http.script.emplace_back(lost);
        all.tell(form_payload(verdict::approve, ""));
        CHECK(all.desk.decisions.empty());
        all.next_answer(waits ? R"({"id":"1","flags":192})" : R"({"id":"1","flags":64})");
        if (waits) {
            all.next_answer(R"({"id":"1"})");
        }
        CHECK(all.pass_pause() == 15s);
        CHECK(all.desk.decisions.empty());
        CHECK(all.calls().at(2) == "GET " + original);
        REQUIRE(all.calls().size() == (waits ? 4 : 3));
        if (waits) {
            CHECK(all.calls().back() == "PATCH " + original);
            CHECK(has(all.around.http.asked.back().body, "may or may not be recorded"));
        }
    }
}

TEST_CASE("what is missing in a form is said at once, and nothing decided") {
    gateway_bench all;
    all.open();
    all.desk.written.reason = access::reason_rule::always;
    all.next_answer("", 204);
    all.tell(form_payload(verdict::deny, " "));
    CHECK(has(all.around.http.asked.back().body, "A reason is required"));
    CHECK(all.desk.decisions.empty());
    CHECK(all.calls().size() == 2);
}

TEST_CASE("what is for others gets no answer: another application, or another program of ours") {
    gateway_bench all;
    all.open();
    json::object foreign = form_payload(verdict::approve, "");
    foreign["application_id"] = "500000000000000009";
    all.tell(foreign);
    CHECK(all.logged("callback_refused"));
    json::object command{{"id", "700000000000000002"}, {"type", 2}, {"token", interaction_token}};
    command["application_id"] = application_id;
    command["data"] = json::object{{"name", "ping"}};
    all.tell(command);
    for (const char* token : {"", "../../users/@me", "a?b"}) {
        json::object odd = form_payload(verdict::approve, "");
        odd["id"] = "700000000000000003";
        odd["token"] = token;
        all.tell(odd);
    }
    CHECK(all.calls().size() == 1);
    CHECK(all.desk.decisions.empty());
    // A button of ours that we can't read is answered.
    json::object broken = click_payload(verdict::approve);
    broken["id"] = "700000000000000004";
    broken.at("data").as_object()["custom_id"] = "hallpass:shrug:1";
    all.next_answer("", 204);
    all.tell(broken);
    CHECK(has(all.around.http.asked.back().body, "doesn't know this button"));
}

TEST_CASE("what has begun goes on after a stop") {
    gateway_bench all;
    all.open();
    expect_approved(all);
    all.desk.hold();
    all.next_answer("", 204);
    all.next_answer(R"({"id":"1"})");
    all.tell(form_payload(verdict::approve, ""));
    all.desk.stop();
    all.settle();
    CHECK(all.desk.running == 1);
    all.desk.release();
    all.settle();
    CHECK(all.calls().back() == "PATCH " + original);
}

TEST_CASE("only so many are under way at once") {
    gateway_bench all;
    all.open();
    all.desk.hold();
    for (int i = 0; i < 250; ++i) {
        json::object one = click_payload(verdict::approve);
        one["id"] = std::to_string(700'000'000'000'000'000 + i);
        all.tell(one);
    }
    CHECK(all.desk.running >= 200);
    CHECK(all.desk.running <= 1 + 2 * 200);
    CHECK(all.count_logged("too many at once") == 50);
}
