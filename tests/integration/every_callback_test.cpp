// What strangers, liars and unlucky moments do to the callbacks of all services: docs/security.md says which
// attack is tried where.
#include "every_callback_rig.hpp"
#include "support/eventually.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>

using namespace hallpass;
using test::every_callback_rig;
using test::has;
using test::raw_answer;
using test::raw_call;
namespace json = boost::json;

namespace {

// Starting it takes longer than what is done with it.
every_callback_rig& all() {
    static every_callback_rig only;
    return only;
}

const std::vector<std::string>& posted_paths() {
    static const std::vector<std::string> paths{
        "/slack/interactivity",
        "/discord/interactions",
        "/mattermost/actions",
        "/mattermost/dialog",
        "/msteams/messages",
        "/jira",
        "/",
        "/pagerduty",
        "/servicenow",
        "/review/decide",
        "/review/somebody"};
    return paths;
}

// Every header by which any of the services proves itself, each with something that proves nothing.
std::vector<std::pair<std::string, std::string>> guesses() {
    const std::string hex(64, 'a');
    const std::string now = std::to_string(
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count()
    );
    return {{"X-Slack-Request-Timestamp", now},       {"X-Slack-Signature", "v0=" + hex},
            {"X-Signature-Timestamp", now},           {"X-Signature-Ed25519", hex + hex},
            {"Authorization", "Bearer e30.e30.AAAA"}, {"X-Hub-Signature", "sha256=" + hex},
            {"X-PagerDuty-Signature", "v1=" + hex},   {"X-Hallpass-Secret", hex},
            {"Cookie", "hallpass-form=guess"},        {"Sec-Fetch-Site", "same-origin"}};
}

// Both at once, as a double click that a load balancer has spread.
std::pair<raw_answer, raw_answer> at_both(const raw_call& call) {
    std::pair<raw_answer, raw_answer> got;
    std::exception_ptr failed;
    std::thread other([&] {
        try {
            got.second = test::exchange(all().address(1), call);
        } catch (...) {
            failed = std::current_exception();
        }
    });
    got.first = test::exchange(all().address(0), call);
    other.join();
    if (failed) {
        std::rethrow_exception(failed);
    }
    return got;
}

} // namespace

TEST_CASE("P4 whoever proves nothing gets one and the same 401 from every callback") {
    every_callback_rig& rig = all();
    const std::string expected = test::exchange(rig.address(0), {"/slack/interactivity", "{}"}).whole;
    CHECK(expected.starts_with("HTTP/1.1 401 "));
    std::vector<std::pair<std::string, std::string>> doubled = guesses();
    const auto once_more = guesses();
    doubled.insert(doubled.end(), once_more.begin(), once_more.end());
    for (const std::string& path : posted_paths()) {
        CAPTURE(path);
        for (const raw_call& call :
             {raw_call{path}, raw_call{path, "{}"}, raw_call{path, "{}", guesses()},
              raw_call{path, "{}", doubled}, raw_call{path, R"({"type":1,"event":{}})", guesses()},
              raw_call{path, "payload=%7B%7D&form=a.b&verdict=approve", guesses()},
              raw_call{path, "{}", guesses(), "POST", true},
              raw_call{path, std::string(200 * 1024, '['), guesses()},
              raw_call{path, R"({"a":)" + std::string(100 * 1024, '['), guesses()},
              raw_call{path, std::string("\0\xff\xfe{}", 5), guesses()}}) {
            CAPTURE(call.body.substr(0, 40));
            CHECK(test::exchange(rig.address(0), call).whole == expected);
        }
    }
    CHECK(test::exchange(rig.address(0), {"/review/guess", "", {}, "GET"}).whole == expected);
    CHECK(
        test::exchange(rig.address(0), {"/review/login?state=a.b&code=c", "", {}, "GET"}).whole == expected
    );
}

TEST_CASE("P4 what isn't a callback within the limits gets no further, whichever callback it names") {
    every_callback_rig& rig = all();
    for (const std::string& path : posted_paths()) {
        CAPTURE(path);
        const auto status = [&](const raw_call& call) { return test::exchange(rig.address(0), call).status; };
        CHECK(status({path, std::string(300 * 1024, 'x')}) == 413);
        CHECK(status({path, "", {{"X-Long", std::string(20 * 1024, 'x')}}}) == 431);
        CHECK(status({path, "", {}, "DELETE"}) == 405);
        if (!path.starts_with("/review/")) {
            CHECK(status({path, "", {}, "GET"}) == 405);
            CHECK(status({path + "x", "{}"}) == 404);
        }
    }
    // Nothing is decided from these, so they have no way in.
    for (const std::string path :
         {"/opsgenie", "/jsm", "/datadog", "/email", "/review", "/status", "/jira/"}) {
        CAPTURE(path);
        CHECK(test::exchange(rig.address(0), {path, "{}", guesses()}).status == 404);
    }
}

TEST_CASE("P4 of a signed webhook no bit may be another, and its signature has one form") {
    every_callback_rig& rig = all();
    const std::string id = rig.announced_request();
    for (const raw_call& good : {rig.jira_move(id, "bob"), rig.pagerduty_note(id, "PBOB0001")}) {
        CAPTURE(good.path);
        const std::string signature = good.headers.at(0).second;
        std::vector<raw_call> bad;
        const auto with = [&](const std::string& changed) {
            bad.push_back(good);
            bad.back().headers.at(0).second = changed;
        };
        with("");
        with(signature.substr(0, signature.size() - 2));
        with(signature + "00");
        with(signature.substr(signature.find('=') + 1));
        std::string shouted = signature;
        std::transform(shouted.begin() + 7, shouted.end(), shouted.begin() + 7, [](char c) {
            return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        with(shouted);
        bad.push_back(good);
        bad.back().headers.push_back(good.headers.at(0));
        bad.push_back(good);
        bad.back().body.at(bad.back().body.size() / 2) ^= 1;
        bad.push_back(good);
        bad.back().body += ' ';
        for (const raw_call& one : bad) {
            CAPTURE(one.headers.at(0).second);
            CHECK(test::exchange(rig.address(0), one).status == 401);
        }
    }
    CHECK(rig.request(id).at("state") == "PENDING");
}

TEST_CASE("P4 bombs of JSON that a service has signed are answered at once, and decide nothing") {
    every_callback_rig& rig = all();
    std::string wide = "[0";
    while (wide.size() < 200 * 1024) {
        wide += ",0";
    }
    wide += ']';
    std::string deep(100 * 1024, '[');
    deep += std::string(100 * 1024, ']');
    std::string nested;
    for (int i = 0; i < 20'000; ++i) {
        nested += R"({"event":)";
    }
    for (const std::string& bomb : {wide, deep, nested, std::string(250 * 1024, '{')}) {
        CAPTURE(bomb.substr(0, 20));
        for (const raw_call& call :
             {rig.jira_call(bomb), rig.pagerduty_call(bomb), rig.servicenow_call(bomb)}) {
            CAPTURE(call.path);
            const auto begun = std::chrono::steady_clock::now();
            const int status = test::exchange(rig.address(0), call).status;
            CHECK((status == 200 || status == 202 || status == 400 || status == 401));
            CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(2));
        }
    }
}

TEST_CASE("P3 one deed that reaches two instances at the same time is one review, from every service") {
    every_callback_rig& rig = all();
    for (const std::string name : {"jira", "pagerduty", "servicenow", "mattermost"}) {
        CAPTURE(name);
        const std::string id = rig.announced_request();
        const raw_call call = name == "jira"         ? rig.jira_move(id, "bob")
                              : name == "pagerduty"  ? rig.pagerduty_note(id, "PBOB0001")
                              : name == "servicenow" ? rig.servicenow_approval(id, "bob@example.com")
                                                     : rig.mattermost_form(id);
        const auto got = at_both(call);
        INFO(got.first.whole);
        INFO(got.second.whole);
        rig.wait_until_approved(id);
        CHECK(rig.reviews_of(id) == 1);
        if (name == "pagerduty") {
            const json::object incident = rig.ticket("pagerduty", "incidents", id);
            CHECK_FALSE(has(json::serialize(incident), "already"));
        }
        if (name == "jira") {
            // Whoever came second must not take the move back.
            CHECK(got.first.status == 200);
            CHECK(got.second.status == 200);
            const json::object issue = rig.ticket("jira", "issues", id);
            INFO(json::serialize(issue));
            CHECK(issue.at("status") == "Approved");
            CHECK_FALSE(has(json::serialize(issue.at("comments")), "Not counted"));
        }
    }
}

TEST_CASE("P3 a press in Teams and a letter's link, at two instances, are one review each") {
    every_callback_rig& rig = all();
    const std::string pressed = rig.announced_request();
    // The card keeps its buttons until both have pressed.
    const json::object slow{{"side", "msteams"}, {"method", "PUT activities"}, {"ms", 1000}};
    rig.command("/delay", slow);
    CHECK(rig.teams_press(pressed, 0, "f:one").at("status") == 200);
    const json::object again = rig.teams_press(pressed, 1, "f:one");
    INFO(json::serialize(again));
    CHECK(has(json::serialize(again), "already"));
    CHECK(rig.reviews_of(pressed) == 1);
    const std::string written = rig.announced_request();
    const json::object first = rig.email_decision(0);
    const json::object second = rig.email_decision(1);
    INFO(json::serialize(first));
    INFO(json::serialize(second));
    CHECK(has(json::serialize(first), "Your decision is recorded"));
    CHECK(has(json::serialize(second), "Already decided"));
    CHECK(rig.reviews_of(written) == 1);
}

TEST_CASE("P4 what is sent again after a restart decides nothing a second time") {
    every_callback_rig& rig = all();
    const std::string id = rig.announced_request();
    const raw_call moved = rig.jira_move(id, "bob");
    const raw_call noted = rig.pagerduty_note(id, "PBOB0001");
    const raw_call approved = rig.servicenow_approval(id, "bob@example.com");
    const raw_call filled = rig.mattermost_form(id);
    CHECK(test::exchange(rig.address(0), filled).status == 200);
    rig.wait_until_approved(id);
    rig.stop(0);
    rig.start(0);
    for (const raw_call& call : {moved, noted, approved, filled}) {
        CAPTURE(call.path);
        const raw_answer got = test::exchange(rig.address(0), call);
        INFO(got.whole);
        CHECK((got.status == 200 || got.status == 202));
    }
    CHECK(has(test::exchange(rig.address(0), filled).whole, "This form has expired"));
    CHECK(rig.reviews_of(id) == 1);
}

TEST_CASE("P3 a deed on a request that was deleted meanwhile decides nothing, and whoever asks is told") {
    every_callback_rig& rig = all();
    const std::string id = rig.announced_request();
    const raw_call noted = rig.pagerduty_note(id, "PBOB0001");
    const raw_call approved = rig.servicenow_approval(id, "bob@example.com");
    const raw_call moved = rig.jira_move(id, "bob");
    const raw_call filled = rig.mattermost_form(id);
    rig.rig.sandbox.control().erase("/requests/" + id);
    for (const raw_call& call : {moved, noted, approved, filled}) {
        CAPTURE(call.path);
        const raw_answer got = test::exchange(rig.address(0), call);
        INFO(got.whole);
        CHECK((got.status == 200 || got.status == 202));
        if (call.path == filled.path) {
            CHECK(has(got.whole, "expired or was deleted"));
        }
    }
    const json::object mailed = rig.email_decision(0);
    INFO(json::serialize(mailed));
    CHECK(has(json::serialize(mailed), "Nothing to decide"));
}
