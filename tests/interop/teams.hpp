// hallpass with a public listener, between the sandbox's Auth Service and its Teams.
#pragma once

#include "integration/msteams_rig.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace hallpass::interop {

// To approve "prod-admin" takes a confirmation, and to deny a reason.
class teams {
public:
    test::teams_rig all;

    // hallpass, until it watches and has the clicks. Tokens are good by the keys that `login_url` names; by
    // the simulated ones where it is "".
    void start(const std::string& login_url = "");

    // Where hallpass takes what Teams posts.
    std::string url() const { return "http://" + address_ + "/msteams/messages"; }

    void post_clicks_to(const std::string& url);
    // A request of alice's whose card is in the channel; its id.
    std::string request(std::string_view role, std::string_view reason);
    // One press of an action of that request's card, as the sandbox tells of it.
    boost::json::object press(const std::string& id, std::string_view action, boost::json::object more = {});
    std::string state_of(const std::string& id) const;

    // The cards of every version of every message in Teams.
    boost::json::array cards() const;

private:
    std::unique_ptr<test::running_hallpass> hallpass_;
    std::string address_;
};

} // namespace hallpass::interop
