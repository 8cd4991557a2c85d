// hallpass beside one of the sandbox's ticket services.
#pragma once

#include "rig.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hallpass::test {

class ticket_rig {
public:
    // The party's name in the sandbox: "jira".
    explicit ticket_rig(std::string party);

    // What ready.json says of the service: "url", "token", …
    std::string site(std::string_view key) const;
    // [teleport], and [log] at the end; `sections` between them.
    void configure(const std::string& sections);
    void start();
    // The party posts to hallpass's listener at that path; `as` is the party's command for it.
    void open_webhooks(std::string_view path, std::string_view as = "callback");

    std::string new_request(std::string_view reason = "the nightly job fails");
    // With annotations of Teleport's roles.
    std::string new_request(const boost::json::object& annotations);
    void review(const std::string& id, std::string_view author, std::string_view state);
    boost::json::value request(const std::string& id) const;
    std::size_t reviews_of(const std::string& id) const;
    // Its review's reason, once it is approved.
    std::string approval_of(const std::string& id) const;
    // A webhook is believed once Teleport keeps the ticket of the request.
    void wait_until_kept(std::string_view ticket) const;

    boost::json::value command(std::string_view what, const boost::json::object& body) const;
    boost::json::value everything() const;
    // The one of everything()'s list whose text mentions the request; nothing is thrown where there is none.
    boost::json::array tickets(std::string_view list, const std::string& id) const;
    boost::json::value ticket_that(
        std::string_view what,
        std::string_view list,
        const std::string& id,
        const std::function<bool(const boost::json::value&)>& condition
    ) const;
    unsigned calls(std::string_view method) const;
    // What `hallpass check` says, behind the number that it ends with: "0 ok …".
    std::string check() const;

    test::rig rig;
    std::unique_ptr<running_hallpass> hallpass;

private:
    std::string party_;
    boost::json::value ready_;
};

} // namespace hallpass::test
