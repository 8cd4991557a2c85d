// hallpass with a public listener, which the simulated Slack calls when somebody clicks.
#pragma once

#include "rig.hpp"
#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <memory>
#include <string>
#include <utility>

namespace hallpass::test {

namespace people {

inline constexpr const char* alice = "U0ALICE001"; // who requests
inline constexpr const char* bob = "U0BOB00001";
inline constexpr const char* carol = "U0CAROL001";

} // namespace people

struct decision_rig {
    static constexpr const char* channel = "access-requests";
    static constexpr const char* channel_id = "C0ACCESS01";

    explicit decision_rig(
        const std::string& review_lines = "", const std::string& http_lines = "insecure = true\n"
    );

    void configure(const std::string& review_lines, const std::string& http_lines);

    // Of its public listener: "127.0.0.1:40001".
    static std::string listener_of(test::running_hallpass& at);
    void point_slack_at(test::running_hallpass& at);

    // Signatures are timed in seconds, and those of the second in which hallpass was started may be replays.
    static void wait_for_the_next_second();

    // Of alice, once it is posted.
    std::string new_request();

    test::slack_post card(const std::string& id) { return rig.sandbox.posts(channel, id).at(0); }

    boost::json::value click(
        const std::string& id,
        const std::string& user,
        const std::string& action,
        boost::json::object more = {}
    );
    boost::json::value
    submit(const boost::json::value& clicked, const std::string& user, const std::string& reason);
    boost::json::value decide(const std::string& id, const std::string& user, const std::string& action);
    // The status, and everything that the person was told.
    std::pair<int, std::string> try_to_approve(const std::string& id, const std::string& user);

    boost::json::value request(const std::string& id);

    std::size_t reviews_of(const std::string& id) { return request(id).at("reviews").as_array().size(); }

    test::rig rig;
    std::unique_ptr<test::running_hallpass> hallpass;
};

} // namespace hallpass::test
