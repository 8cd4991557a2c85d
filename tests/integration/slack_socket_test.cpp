#include "slack_scene.hpp"
#include "support/eventually.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <future>
#include <memory>
#include <string>
#include <vector>

using namespace hallpass;
using namespace std::chrono_literals;
using test::has;
using test::people::bob;
namespace json = boost::json;

namespace {

// hallpass without a port of its own: clicks come over connections that it opens.
struct socket_rig : test::slack_scene {
    socket_rig() {
        configure_reviews("", "app_token = \"" + rig.sandbox.app_token() + "\"\n");
        start();
    }

    void start() {
        const std::size_t wanted = 2 * (running.size() + 1);
        running.push_back(rig.start_watching());
        wait_for_connections(wanted);
    }

    std::size_t told(const char* what) {
        return rig.sandbox.control().get("/slack/socket").at(what).to_number<std::size_t>();
    }

    void wait_for_connections(std::size_t wanted) {
        test::eventually("there are " + std::to_string(wanted) + " connections", [&] {
            return told("connections") == wanted;
        });
    }

    void tell_slack(const std::string& what, const json::object& more = {}) {
        rig.command("/slack/socket/" + what, more);
    }

    // Slack waits for an answer while the test goes on, until Teleport has been asked for the review.
    std::future<json::value> begin_to_approve(const std::string& id) {
        const json::value clicked = click(id, bob, "approve");
        REQUIRE(clicked.at("view").is_object());
        view = clicked.at("view").at("id").as_string();
        rig.command("/delay", {{"method", "SubmitAccessReview"}, {"ms", 800}});
        auto answered =
            std::async(std::launch::async, [this, clicked] { return submit(clicked, bob, "fine"); });
        test::eventually("Teleport is asked for the review", [&] {
            const json::value calls = rig.sandbox.control().get("/calls");
            return calls.as_object().contains("SubmitAccessReview");
        });
        return answered;
    }

    std::vector<std::unique_ptr<test::running_hallpass>> running;
    std::string view;
};

} // namespace

TEST_CASE("without a port of its own, a click is one review, and the form tells the outcome") {
    socket_rig rig;
    const std::string id = rig.new_request();
    CHECK(has(rig.card(id).text, "\"actions\""));
    const json::value submitted = rig.decide(id, bob, "approve");
    INFO(json::serialize(submitted));
    CHECK(submitted.at("status") == 200);
    CHECK(has(json::serialize(submitted.at("view")), "Your approval is recorded"));
    CHECK(rig.request(id).at("state") == "APPROVED");
    REQUIRE(rig.reviews_of(id) == 1);
    CHECK(rig.request(id).at("reviews").at(0).at("author") == "bob@example.com");
    test::running_hallpass& hallpass = *rig.running.front();
    CHECK(hallpass.count_of("listening") == 0);
    CHECK_FALSE(has(hallpass.log(), rig.rig.sandbox.app_token()));
    CHECK_FALSE(has(hallpass.log(), "ticket"));
}

TEST_CASE("connections that are cut in the middle of a decision lose neither the review nor its outcome") {
    socket_rig rig;
    const std::string id = rig.new_request();
    auto answered = rig.begin_to_approve(id);
    rig.tell_slack("cut");
    CHECK(answered.get().at("status") == 0);
    test::eventually("the form tells the outcome", [&] {
        const json::value shown = rig.rig.sandbox.control().get("/slack/views/" + rig.view);
        return has(json::serialize(shown), "Your approval is recorded");
    });
    CHECK(rig.reviews_of(id) == 1);
    rig.wait_for_connections(2);
    rig.rig.command("/faults/clear", {});
    const std::string next = rig.new_request();
    rig.decide(next, bob, "deny");
    CHECK(rig.request(next).at("state") == "DENIED");
}

TEST_CASE("connections that Slack moves lose no click") {
    socket_rig rig;
    for (const char* reason : {"warning", "refresh_requested"}) {
        CAPTURE(reason);
        const std::string id = rig.new_request();
        const std::size_t opened = rig.told("opened");
        rig.tell_slack("disconnect", {{"reason", reason}, {"closed_after_ms", 1500}});
        const json::value submitted = rig.decide(id, bob, "approve");
        INFO(json::serialize(submitted));
        CHECK(submitted.at("status") == 200);
        CHECK(rig.reviews_of(id) == 1);
        test::eventually("others are open in their place", [&] {
            return rig.told("opened") == opened + 2 && rig.told("connections") == 2;
        });
    }
}

TEST_CASE("a text that is no envelope changes nothing, and the connections stay") {
    socket_rig rig;
    const std::string id = rig.new_request();
    const std::size_t opened = rig.told("opened");
    for (const char* text : {"", "[]", "{\"type\":", R"({"type":"interactive","envelope_id":"1-2-3"})"}) {
        rig.tell_slack("say", {{"text", text}});
    }
    CHECK(rig.decide(id, bob, "approve").at("status") == 200);
    CHECK(rig.reviews_of(id) == 1);
    CHECK(rig.told("opened") == opened);
}

TEST_CASE("several instances hold connections, and each click is one review") {
    socket_rig rig;
    rig.start();
    for (int i = 0; i < 4; ++i) {
        const std::string id = rig.new_request();
        CHECK(rig.decide(id, bob, "approve").at("status") == 200);
        CHECK(rig.reviews_of(id) == 1);
    }
}

TEST_CASE("SIGTERM acknowledges what is under way with its outcome") {
    socket_rig rig;
    const std::string id = rig.new_request();
    auto answered = rig.begin_to_approve(id);
    rig.running.front()->program().send_signal(SIGTERM);
    const json::value submitted = answered.get();
    INFO(json::serialize(submitted));
    CHECK(submitted.at("status") == 200);
    CHECK(has(json::serialize(submitted), "Your approval is recorded"));
    CHECK(rig.running.front()->program().wait(10s) == 0);
    CHECK(rig.reviews_of(id) == 1);
    rig.wait_for_connections(0);
}

TEST_CASE("a reload moves to connections of its own, and ends the old ones") {
    socket_rig rig;
    const std::string id = rig.new_request();
    rig.running.front()->program().send_signal(SIGHUP);
    rig.running.front()->wait_for_event("reloaded");
    test::eventually("the new ones are open, and the old ones gone", [&] {
        return rig.told("opened") == 4 && rig.told("connections") == 2;
    });
    rig.decide(id, bob, "approve");
    CHECK(rig.reviews_of(id) == 1);
}

TEST_CASE("an app-level token that Slack refuses is named, with the mend") {
    test::slack_scene scene;
    scene.configure_reviews("app_token = \"xapp-of-another-app\"\n", "");
    const auto refused = scene.rig.start();
    CHECK(refused->program().wait() != 0);
    CHECK(has(refused->log(), "connections:write"));
    CHECK_FALSE(has(refused->log(), "xapp-of-another-app"));
}
