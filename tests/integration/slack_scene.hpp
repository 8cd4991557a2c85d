// People of the simulated Slack who ask for access and decide on it.
#pragma once

#include "rig.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <utility>

namespace hallpass::test {

namespace people {

inline constexpr const char* alice = "U0ALICE001"; // who requests
inline constexpr const char* bob = "U0BOB00001";
inline constexpr const char* carol = "U0CAROL001";

} // namespace people

struct slack_scene {
    static constexpr const char* channel = "access-requests";
    static constexpr const char* channel_id = "C0ACCESS01";

    // Reviews are on, in the person's name by trait. The lines of [slack] and [review], and sections after
    // them.
    void configure_reviews(
        const std::string& slack_lines, const std::string& review_lines, const std::string& sections = {}
    );

    // One more request of alice's, once its message is there: its id.
    std::string new_request();
    slack_post card(const std::string& id);

    boost::json::value click(
        const std::string& id,
        const std::string& user,
        const std::string& action,
        boost::json::object more = {}
    );
    boost::json::value
    submit(const boost::json::value& clicked, const std::string& user, const std::string& reason);
    // Both, and the click must open a form.
    boost::json::value decide(const std::string& id, const std::string& user, const std::string& action);
    // The status, and everything that the person was told.
    std::pair<int, std::string> try_to_approve(const std::string& id, const std::string& user);

    boost::json::value request(const std::string& id);
    std::size_t reviews_of(const std::string& id);

    test::rig rig;
};

} // namespace hallpass::test
