// Two hallpasses that carry every service from which people decide, and raw callbacks to either.
#pragma once

#include "rig.hpp"

#include <boost/json/value.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hallpass::test {

// A call as its bytes go over the wire.
struct raw_call {
    std::string path;
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string method = "POST";
    bool chunked = false;
};

struct raw_answer {
    int status = 0;
    std::string whole; // without what changes from answer to answer: its date
};

raw_answer exchange(const std::string& address, const raw_call& call);

// HMAC-SHA256, in hexadecimal.
std::string hmac_of(std::string_view key, std::string_view body);

class every_callback_rig {
public:
    every_callback_rig();

    // Anew, where it has stopped.
    void start(std::size_t instance);
    void stop(std::size_t instance);

    const std::string& address(std::size_t instance) const { return addresses_.at(instance); }

    running_hallpass& hallpass(std::size_t instance) { return *running_.at(instance); }

    // One more request of alice's, once it is announced everywhere and Teleport keeps where.
    std::string announced_request();
    boost::json::value request(const std::string& id) const;
    std::size_t reviews_of(const std::string& id) const;
    void wait_until_approved(const std::string& id) const;

    // What a service of the sandbox is told to do.
    boost::json::object command(const std::string& path, const boost::json::object& body) const;
    // The ticket of the request in that list of the party's; throws where there is none.
    boost::json::object ticket(const std::string& party, std::string_view list, const std::string& id) const;
    boost::json::object mattermost_card(const std::string& id) const;
    std::string teams_card(const std::string& id) const;

    // Somebody does it in the service, and its webhook is caught.
    raw_call jira_move(const std::string& id, const std::string& user) const;
    raw_call pagerduty_note(const std::string& id, const std::string& user) const;
    raw_call servicenow_approval(const std::string& id, const std::string& user) const;
    // The form that bob has opened, filled in.
    raw_call mattermost_form(const std::string& id) const;

    // As their services sign them.
    raw_call jira_call(std::string body) const;
    raw_call pagerduty_call(std::string body) const;
    raw_call servicenow_call(std::string body) const;

    // bob presses Approve on the Teams card, and the activity goes to that instance.
    boost::json::object teams_press(const std::string& id, std::size_t instance, std::string activity_id);
    // bob follows the link of his newest letter, by way of that instance.
    boost::json::object email_decision(std::size_t instance) const;

    test::rig rig;

private:
    std::string configuration(const std::string& address) const;
    bool is_announced(const std::string& id) const;
    std::string site(std::string_view party, std::string_view key) const;

    std::array<std::string, 2> addresses_;
    std::array<std::unique_ptr<running_hallpass>, 2> running_;
};

} // namespace hallpass::test
