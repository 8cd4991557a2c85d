#include "bench.hpp"
#include "services/slack/directory.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using services::slack::directory;

namespace {

using found_user = result<std::optional<std::string>>;

constexpr const char* alice = R"({"ok":true,"user":{"id":"U0123ABCD"}})";
constexpr const char* nobody = R"({"ok":false,"error":"users_not_found"})";

struct book {
    bench all;
    services::slack::api api{
        all.http, all.log,
        services::slack::slack_config{secret("xoxb-the-secret"), "https://slack.example/api/"}};
    directory people{api, all.time};

    found_user ask(const std::string& email) {
        return all.run([&] { return people.user_by_email(email); });
    }

    // Starts a look-up that ends some time later.
    void start(std::vector<found_user>& into, boost::asio::cancellation_signal* stop = nullptr) {
        const auto ended = [&into](std::exception_ptr error, const found_user& found) {
            if (!error) {
                into.push_back(found);
            }
        };
        if (stop) {
            boost::asio::co_spawn(
                all.context, people.user_by_email("alice@example.com"),
                boost::asio::bind_cancellation_slot(stop->slot(), ended)
            );
        } else {
            boost::asio::co_spawn(all.context, people.user_by_email("alice@example.com"), ended);
        }
    }

    void settle() {
        all.context.restart();
        all.context.poll();
    }
};

} // namespace

TEST_CASE("a person is asked for once in an hour, in any case of letters") {
    book slack;
    slack.all.http.script.emplace_back(answer(alice));
    slack.all.http.script.emplace_back(answer(alice));
    CHECK(slack.ask("alice@example.com").has_value());
    const auto again = slack.ask("Alice@Example.com");
    REQUIRE(again.has_value());
    CHECK(*again == "U0123ABCD");
    CHECK(slack.all.http.asked.size() == 1);
    slack.all.time.time += std::chrono::minutes(61);
    CHECK(slack.ask("alice@example.com").has_value());
    CHECK(slack.all.http.asked.size() == 2);
}

TEST_CASE("that nobody has an address is remembered for a minute only") {
    book slack;
    slack.all.http.script.emplace_back(answer(nobody));
    slack.all.http.script.emplace_back(answer(alice));
    const auto first = slack.ask("alice@example.com");
    REQUIRE(first.has_value());
    CHECK_FALSE(first->has_value());
    CHECK(slack.ask("alice@example.com").has_value());
    CHECK(slack.all.http.asked.size() == 1);
    slack.all.time.time += std::chrono::seconds(61);
    const auto later = slack.ask("alice@example.com");
    REQUIRE(later.has_value());
    CHECK(*later == "U0123ABCD");
}

TEST_CASE("a failure is not remembered") {
    book slack;
    slack.all.http.script.emplace_back(answer("", 500));
    slack.all.http.script.emplace_back(answer(R"({"ok":true,"user":{}})"));
    slack.all.http.script.emplace_back(answer(alice));
    CHECK(slack.ask("alice@example.com").error().kind() == fault_kind::transient);
    CHECK(slack.ask("alice@example.com").error().kind() == fault_kind::transient);
    CHECK(slack.ask("alice@example.com").has_value());
}

TEST_CASE("many who ask at the same time share one call and its answer") {
    book slack;
    std::vector<found_user> got;
    slack.all.http.hold();
    slack.all.http.script.emplace_back(answer("", 503));
    for (int i = 0; i < 5; ++i) {
        slack.start(got);
    }
    slack.settle();
    CHECK(got.empty());
    slack.all.http.release();
    slack.settle();
    REQUIRE(got.size() == 5);
    for (const found_user& one : got) {
        REQUIRE(one.has_error());
        CHECK(one.error().kind() == fault_kind::transient);
    }
    CHECK(slack.all.http.asked.size() == 1);
}

TEST_CASE("when the one who asks is cancelled, the next one asks") {
    book slack;
    std::vector<found_user> cancelled;
    std::vector<found_user> got;
    boost::asio::cancellation_signal stop;
    slack.all.http.hold();
    slack.start(cancelled, &stop);
    slack.start(got);
    slack.start(got);
    slack.settle();
    CHECK(slack.all.http.asked.size() == 1);
    stop.emit(boost::asio::cancellation_type::terminal);
    slack.settle();
    CHECK(cancelled.empty());
    CHECK(slack.all.http.asked.size() == 2);
    slack.all.http.script.emplace_back(answer(alice));
    slack.all.http.release();
    slack.settle();
    REQUIRE(got.size() == 2);
    for (const found_user& one : got) {
        REQUIRE(one.has_value());
        CHECK(*one == "U0123ABCD");
    }
    CHECK(slack.all.http.asked.size() == 2);
}

TEST_CASE("memory has a bound") {
    book slack;
    for (int i = 0; i < 4200; ++i) {
        slack.all.http.script.emplace_back(answer(alice));
        slack.all.time.time += std::chrono::milliseconds(1);
        CHECK(slack.ask("person" + std::to_string(i) + "@example.com").has_value());
    }
    // The oldest had to go, the newest stayed.
    CHECK(slack.ask("person4199@example.com").has_value());
    CHECK(slack.all.http.asked.size() == 4200);
    CHECK(slack.ask("person0@example.com").has_error());
}
