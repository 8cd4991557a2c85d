#include "bench.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;
using access::request_state;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

const delivery_key card_key(sample_request().id, "card");
constexpr const char* me = R"({"accountId":"me","displayName":"hallpass"})";
constexpr const char* pending =
    R"({"id":"10001","key":"ACCESS-1","fields":{"status":{"id":"1","name":"Pending"}},
    "transitions":[{"id":"41","to":{"id":"3","name":"Denied"}}]})";
constexpr const char* denied =
    R"({"id":"10001","key":"ACCESS-1","fields":{"status":{"id":"3","name":"DENIED"}},"transitions":[]})";
constexpr const char* no_comments = R"({"total":0,"comments":[]})";
constexpr const char* made_comment = R"({"id":"20001"})";

const message_ref issue("10001", "ACCESS-1");

access::card denied_card() {
    return approver_card(resolved(sample_request(), request_state::denied, "Not tonight."));
}

std::string has_permissions(bool all) {
    return R"({"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"CREATE_ISSUES":{"havePermission":true},
        "TRANSITION_ISSUES":{"havePermission":)" +
           std::string(all ? "true" : "false") + R"(},"ADD_COMMENTS":{"havePermission":true}}})";
}

} // namespace

TEST_CASE("check says as whom and where") {
    bench all;
    all.script(me);
    all.script(R"({"key":"ACCESS","name":"Access Requests","issueTypes":[{"name":"Task"}]})");
    all.script(has_permissions(true));
    const auto said = all.run([&] { return all.jira.check(); });
    REQUIRE(said.has_value());
    CHECK(*said == "hallpass in project ACCESS (Access Requests)");
    all.check_token_is_kept("Ym90QGV4YW1wbGUuY29tOnRoZS5zZWNyZXQtdG9rZW4=", "Basic ");
}

TEST_CASE("a wrong project, a wrong issue type and a missing permission are told with the mend") {
    bench missing;
    missing.script(me);
    missing.script(R"({"errorMessages":["No project could be found with key 'ACCESS'."]})", 404);
    auto said = missing.run([&] { return missing.jira.check(); });
    REQUIRE(said.has_error());
    CHECK(said.error().text().find("correct jira.project") != std::string::npos);

    bench type;
    type.script(me);
    type.script(R"({"key":"ACCESS","issueTypes":[{"name":"Bug"},{"name":"Story"}]})");
    said = type.run([&] { return type.jira.check(); });
    REQUIRE(said.has_error());
    CHECK(said.error().text().find("set jira.issue_type to one of: Bug, Story") != std::string::npos);

    bench permission;
    permission.script(me);
    permission.script(R"({"key":"ACCESS","issueTypes":[{"name":"Task"}]})");
    permission.script(has_permissions(false));
    said = permission.run([&] { return permission.jira.check(); });
    REQUIRE(said.has_error());
    CHECK(said.error().kind() == fault_kind::unauthorised);
    CHECK(said.error().text().find("lacks Transition Issues in project ACCESS") != std::string::npos);
}

TEST_CASE("an issue is made with the request's id as its property, in the form of the API") {
    for (const bool cloud : {true, false}) {
        CAPTURE(cloud);
        bench all(cloud);
        all.script(R"({"id":"10001","key":"ACCESS-1"})", 201);
        const auto sent = all.run([&] {
            return all.jira.post(address("ACCESS"), approver_card(sample_request()), card_key);
        });
        REQUIRE(sent.has_value());
        CHECK(*sent == issue);
        const auto& asked = all.http.asked.back();
        CHECK(asked.url == std::string("https://jira.example/rest/api/") + (cloud ? "3" : "2") + "/issue");
        CHECK_FALSE(asked.repeatable);
        CHECK(ports::find_header(asked.headers, "Authorization").starts_with(cloud ? "Basic " : "Bearer "));
        const auto body = all.body_of(all.http.asked.size() - 1);
        CHECK(
            json::serialize(body.at("properties")) ==
            R"([{"key":"teleportAccessRequestId","value":")" + sample_request().id + "\"}]"
        );
        CHECK(body.at("fields").at("description").is_object() == cloud);
        CHECK(body.at("fields").at("issuetype").at("name") == "Task");
    }
}

TEST_CASE("an issue that may be there is told as such") {
    for (const auto& [body, status] : {std::pair("{}", 201), std::pair("<html>", 502), std::pair("", 201)}) {
        bench all;
        all.script(body, status);
        const auto sent = all.run([&] { return all.jira.post(address("ACCESS"), {}, card_key); });
        REQUIRE(sent.has_error());
        CHECK(sent.error().kind() == fault_kind::transient);
        CHECK(sent.error().uncertain());
    }
}

TEST_CASE("while a request is pending its issue has nothing to change") {
    bench all;
    CHECK(all.run([&] { return all.jira.update(issue, approver_card(reviewed_request())); }).has_value());
    CHECK(all.http.asked.empty());
}

TEST_CASE("the end is a comment and a transition, each once") {
    bench all;
    for (const char* body : {pending, me, no_comments, made_comment, ""}) {
        all.script(body);
    }
    CHECK(all.run([&] { return all.jira.update(issue, denied_card()); }).has_value());
    CHECK(
        all.calls() ==
        texts{
            "GET 3/issue/10001", "GET 3/myself", "GET 3/issue/10001/comment", "POST 3/issue/10001/comment",
            "POST 3/issue/10001/transitions"}
    );
    CHECK(json::serialize(all.body_of(4)) == R"({"transition":{"id":"41"}})");
    const std::string comment = json::serialize(all.body_of(3).at("body"));
    CHECK(comment.find("Not tonight.") != std::string::npos);

    // The same once more: all of it is there.
    all.script(denied);
    all.script(
        R"({"total":1,"comments":[{"id":"20001","author":{"accountId":"me"},"body":)" + comment + "}]}"
    );
    CHECK(all.run([&] { return all.jira.update(issue, denied_card()); }).has_value());
    CHECK(all.calls().size() == 7);
    CHECK(all.log.text.empty());
}

TEST_CASE("a comment by somebody else doesn't pass for ours") {
    bench first;
    for (const char* body : {pending, me, no_comments, made_comment, ""}) {
        first.script(body);
    }
    first.run([&] { return first.jira.update(issue, denied_card()); });
    const std::string comment = json::serialize(first.body_of(3).at("body"));
    bench all;
    all.script(denied);
    all.script(me);
    all.script(
        R"({"total":1,"comments":[{"id":"1","author":{"accountId":"mallory"},"body":)" + comment + "}]}"
    );
    all.script(made_comment);
    CHECK(all.run([&] { return all.jira.update(issue, denied_card()); }).has_value());
    CHECK(all.calls().back() == "POST 3/issue/10001/comment");
}

TEST_CASE("where the workflow has no way, or wants more, the comment says so or the log does, and that is all"
) {
    bench all;
    for (const char* body : {denied, me, no_comments, made_comment}) {
        all.script(body);
    }
    const auto approved = approver_card(resolved(sample_request(), request_state::approved, ""));
    CHECK(all.run([&] { return all.jira.update(issue, approved); }).has_value());
    CHECK(
        json::serialize(all.body_of(3)).find("no transition from there to \\\"Approved\\\"") !=
        std::string::npos
    );
    CHECK(all.log.text.find("jira_issue_not_moved issue=ACCESS-1") != std::string::npos);

    bench screen;
    for (const char* body : {pending, me, no_comments, made_comment}) {
        screen.script(body);
    }
    screen.script(R"({"errorMessages":[],"errors":{"resolution":"is required"}})", 400);
    CHECK(screen.run([&] { return screen.jira.update(issue, denied_card()); }).has_value());
    CHECK(screen.log.text.find("resolution: is required") != std::string::npos);

    bench race;
    for (const char* body : {pending, me, no_comments, made_comment}) {
        race.script(body);
    }
    race.script("{}", 409);
    const auto later = race.run([&] { return race.jira.update(issue, denied_card()); });
    REQUIRE(later.has_error());
    CHECK(later.error().kind() == fault_kind::transient);
}

TEST_CASE("an issue is found by its property, where Jira's search gives it") {
    bench all;
    all.script(
        R"({"issues":[{"id":"1","key":"ACCESS-7","properties":{"teleportAccessRequestId":"another"}}],
            "nextPageToken":"more"})"
    );
    all.script(
        R"({"issues":[{"id":"10001","key":"ACCESS-1","properties":{"teleportAccessRequestId":")" +
        sample_request().id + R"("}}]})"
    );
    const auto found = all.run([&] {
        return all.jira.find(address("ACCESS"), {}, card_key, all.time.time - std::chrono::hours(1));
    });
    REQUIRE(found.has_value());
    CHECK(*found == issue);
    CHECK(all.calls() == texts{"POST 3/search/jql", "POST 3/search/jql"});
    CHECK(all.http.asked.at(0).repeatable);
    CHECK(
        all.body_of(0).at("jql") ==
        "project = \"ACCESS\" AND creator = currentUser() AND created >= \"-70m\" ORDER BY created DESC"
    );
    CHECK(all.body_of(1).at("nextPageToken") == "more");
}

TEST_CASE("on Data Center a text that names the request is not enough") {
    for (const bool ours : {true, false}) {
        bench all(false);
        all.script(
            R"({"issues":[{"id":"10001","key":"ACCESS-1","fields":{"description":"hallpass )" +
            sample_request().id + R"( card"}}]})"
        );
        all.script(
            R"({"key":"teleportAccessRequestId","value":")" + (ours ? sample_request().id : "x") + "\"}"
        );
        all.time.time += std::chrono::minutes(1);
        const auto found =
            all.run([&] { return all.jira.find(address("ACCESS"), {}, card_key, all.time.time); });
        REQUIRE(found.has_value());
        CHECK(found->has_value() == ours);
    }
}

TEST_CASE("what Jira's index may not know yet is not absent, and what can't be asked can't be known") {
    bench early;
    early.script(R"({"issues":[]})");
    const auto look = [&](bench& all) {
        return all.run([&] { return all.jira.find(address("ACCESS"), {}, card_key, all.time.time); });
    };
    early.time.time = instant() + std::chrono::seconds(4); // the bench's service was made at 0
    const auto soon = look(early);
    REQUIRE(soon.has_error());
    CHECK(soon.error().kind() == fault_kind::transient);
    CHECK(soon.error().retry_after() == std::chrono::seconds(6));
    early.script(R"({"issues":[]})");
    early.time.time += std::chrono::seconds(7);
    const auto absent = look(early);
    REQUIRE(absent.has_value());
    CHECK_FALSE(absent->has_value());

    bench refused;
    refused.script(R"({"errorMessages":["removed"]})", 410);
    const auto never = look(refused);
    REQUIRE(never.has_error());
    CHECK(never.error().kind() == fault_kind::unsupported);
}

TEST_CASE("everything goes to the one project, and requesters have nothing of their own") {
    bench all;
    CHECK(all.jira.recipients(sample_request()) == texts{"ACCESS"});
    const auto own = all.run([&] { return all.jira.resolve_requester("alice@example.com"); });
    REQUIRE(own.has_value());
    CHECK_FALSE(own->has_value());
}
