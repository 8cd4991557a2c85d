// Requests from their begin to their end in the simulated ticket services, and all that hallpass and they
// said to each other on the way.
#pragma once

#include "judges.hpp"
#include "support/running_hallpass.hpp"
#include "support/running_sandbox.hpp"
#include "support/temp_dir.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::interop {

class ticket_pass {
public:
    // Of the services in `sections`, a configuration where "{jira}" is the base of Jira's calls and
    // "{pagerduty.api_key}" is what the sandbox says of PagerDuty. Precondition: the judges of Python are
    // there.
    ticket_pass(const std::vector<std::string>& services, std::string sections);

    // One call and its answer, as exchanges.py keeps them, in their order.
    std::vector<boost::json::object> exchanges(std::string_view service) const;
    // The first of these that has "POST /rest/api/3/issue" as method and path; an id in a path is "*". Throws
    // where there is none.
    boost::json::object exchange(std::string_view service, std::string_view call) const;

    // A new request, with a ticket in every service.
    std::string request(const boost::json::object& annotations);
    // Waits until Teleport has that state for it and every ticket is at its end.
    void wait_until_ended(const std::string& id, std::string_view state);
    // A ticket of the simulated service as its page shows it; nothing where it isn't there yet.
    std::optional<boost::json::object> ticket(const std::string& service, const std::string& id) const;
    void lose(std::string_view service, std::string_view method);
    void wait_until_kept(std::string_view ticket);

    test::running_sandbox sandbox;
    std::optional<test::running_hallpass> hallpass;

private:
    std::vector<std::string> recorder_arguments() const;
    std::string filled(std::string text) const;
    void open_webhooks();
    void wait_for(std::string_view what, const std::function<bool()>& condition);

    test::temp_dir folder_;
    test::temp_dir exchanges_;
    std::vector<std::string> services_;
    test::process recorder_;
};

// hallpass's decisions in three of five services; and the one of Opsgenie's successor. Each goes once, and is
// then there for every case.
const ticket_pass& the_pass();
const ticket_pass& the_successors_pass();

} // namespace hallpass::interop
