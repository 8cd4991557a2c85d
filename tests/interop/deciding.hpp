// hallpass with buttons and a public listener over HTTPS, between the sandbox's Auth Service and its Slack.
#pragma once

#include "support/running_hallpass.hpp"
#include "support/running_sandbox.hpp"
#include "support/temp_dir.hpp"
#include "unit/net/certificates.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::interop {

inline constexpr const char* bob = "U0BOB00001"; // who decides; alice requests

// Everything started and watching. To approve "dba" takes a confirmation.
class deciding {
public:
    deciding();

    test::running_sandbox slack;

    // Of the public listener's path for Slack.
    std::string url() const { return "https://" + address_ + "/slack/interactivity"; }

    std::string ca_file() const { return folder_.file("ca.pem"); }

    const test::temp_dir& folder() const noexcept { return folder_; }

    // A request of alice's whose message is there; its id.
    std::string request(std::string_view role);
    // One press of a button of that request's message, as the sandbox tells of it.
    boost::json::value
    click(const std::string& id, std::string_view action, const boost::json::object& more = {});
    boost::json::value submit(const boost::json::value& clicked, bool confirm);
    std::string state_of(const std::string& id) const;

    // Every version of every message in Slack that mentions the request or answers one that does.
    boost::json::array messages(const std::string& id) const;

private:
    void configure();

    test::temp_dir folder_;
    std::optional<test::running_hallpass> hallpass_;
    std::string address_;
};

} // namespace hallpass::interop
