#include "bench.hpp"
#include "services/slack/api.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::address;

namespace {

constexpr const char* ok_user = R"({"ok":true,"user":{"id":"U0123ABCD"}})";

} // namespace

TEST_CASE("an address is encoded in the query, a plus sign too") {
    bench slack;
    slack.http.script.emplace_back(answer(ok_user));
    const auto found = slack.run([&] { return slack.slack.resolve("a+b&c=d@example.com"); });
    REQUIRE(found.has_value());
    CHECK(found->id == "U0123ABCD");
    REQUIRE(slack.http.asked.size() == 1);
    const auto& asked = slack.http.asked.front();
    CHECK(asked.method == ports::http_method::get);
    CHECK(asked.url == "https://slack.example/api/users.lookupByEmail?email=a%2Bb%26c%3Dd%40example.com");
    CHECK(asked.body.empty());
    CHECK(asked.repeatable);
    CHECK(asked.pace_keys == std::vector<ports::pace_key>{{"users.lookupByEmail"}});
    slack.check_token_is_kept();
}

TEST_CASE("a post is never repeated blindly, and is counted by method and by channel") {
    bench slack;
    slack.http.script.emplace_back(
        answer(R"({"ok":true,"channel":"C0123ABCD","ts":"1.2","warning":"superfluous"})")
    );
    const auto sent = slack.run([&] {
        return slack.slack.post(address("C0123ABCD"), access::card(), {"id", "card"});
    });
    REQUIRE(sent.has_value());
    const auto& asked = slack.http.asked.front();
    CHECK(asked.method == ports::http_method::post);
    CHECK(asked.url == "https://slack.example/api/chat.postMessage");
    CHECK_FALSE(asked.repeatable);
    const std::vector<ports::pace_key> counted_under{{"chat.postMessage"}, {"chat.postMessage C0123ABCD"}};
    CHECK(asked.pace_keys == counted_under);
    CHECK(asked.headers.at(1).second == "application/json; charset=utf-8");
    CHECK(slack.log.text == "slack_warning method=chat.postMessage warning=superfluous\n");
    slack.check_token_is_kept();
}

TEST_CASE("the operator's own ceiling leads what a call is counted under, for every method") {
    bench slack(std::chrono::milliseconds(50));
    slack.http.script.emplace_back(answer(ok_user));
    slack.http.script.emplace_back(answer(R"({"ok":true,"channel":"C0123ABCD","ts":"1.2"})"));
    const auto found = slack.run([&] { return slack.slack.resolve("a@example.com"); });
    CHECK(found.has_value());
    const auto sent = slack.run([&] {
        return slack.slack.post(address("C0123ABCD"), access::card(), {"id", "card"});
    });
    CHECK(sent.has_value());
    const ports::pace_key all{"slack", std::chrono::milliseconds(50)};
    const std::vector<ports::pace_key> of_look_up{all, {"users.lookupByEmail"}};
    const std::vector<ports::pace_key> of_post{all, {"chat.postMessage"}, {"chat.postMessage C0123ABCD"}};
    CHECK(slack.http.asked.at(0).pace_keys == of_look_up);
    CHECK(slack.http.asked.at(1).pace_keys == of_post);
}

TEST_CASE("faults of the way there keep their kind and are named by the method") {
    bench slack;
    fault lost(fault_kind::transient, "slack.example: timed out");
    lost.set_uncertain(true);
    slack.http.script.emplace_back(lost);
    slack.http.script.emplace_back(fault(fault_kind::malformed, "slack.example: not HTTP"));
    slack.http.script.emplace_back(fault(fault_kind::cancelled, "stopped"));
    fault patience(fault_kind::rate_limited, "wait");
    patience.set_retry_after(std::chrono::seconds(90));
    slack.http.script.emplace_back(patience);
    const auto post = [&] {
        return slack.run([&] {
            return slack.slack.post(address("C0123ABCD"), access::card(), {"id", "card"});
        });
    };
    const auto timed_out = post();
    REQUIRE(timed_out.has_error());
    CHECK(timed_out.error().kind() == fault_kind::transient);
    CHECK(timed_out.error().uncertain());
    CHECK(timed_out.error().text() == "to C0123ABCD: Slack chat.postMessage: slack.example: timed out");
    const auto garbage = post();
    REQUIRE(garbage.has_error());
    CHECK(garbage.error().kind() == fault_kind::transient);
    CHECK(garbage.error().uncertain());
    const auto stopped = post();
    REQUIRE(stopped.has_error());
    CHECK(stopped.error().kind() == fault_kind::cancelled);
    const auto told_to_wait = post();
    REQUIRE(told_to_wait.has_error());
    CHECK(told_to_wait.error().retry_after() == std::chrono::seconds(90));
}
