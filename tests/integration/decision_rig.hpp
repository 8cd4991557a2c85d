// hallpass with a public listener, which the simulated Slack calls when somebody clicks.
#pragma once

#include "slack_scene.hpp"
#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <memory>
#include <string>

namespace hallpass::test {

struct decision_rig : slack_scene {
    explicit decision_rig(
        const std::string& review_lines = "", const std::string& http_lines = "insecure = true\n"
    );

    void configure(const std::string& review_lines, const std::string& http_lines);

    // Of its public listener: "127.0.0.1:40001".
    static std::string listener_of(test::running_hallpass& at);
    void point_slack_at(test::running_hallpass& at);

    // Signatures are timed in seconds, and those of the second in which hallpass was started may be replays.
    static void wait_for_the_next_second();

    std::unique_ptr<test::running_hallpass> hallpass;
};

} // namespace hallpass::test
