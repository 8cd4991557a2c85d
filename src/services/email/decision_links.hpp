// Decisions by the links of letters: link, login at the operator's OpenID provider, page, decision. Nothing
// is remembered between the steps: what they need travels sealed, so any instance can take the next one.
//
//   GET  /review/<link>     asks for a login; whoever opens links before people do gets no further
//   GET  /review/login      the provider sends the browser here; shows the request and a form
//   POST /review/decide     decides
//
// The link proves nothing but that a letter was sent: who decides is whom the provider vouches for. It is
// used up when that person has reviewed the request, which Teleport takes once.
#pragma once

#include "ports/callbacks.hpp"
#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "ports/log.hpp"
#include "services/email/oidc.hpp"
#include "services/seal.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <string>
#include <string_view>

namespace hallpass::services::email {

struct link_config {
    secret key;
    oidc_config oidc;
    std::string public_addr; // without a slash at its end
};

// What it is made with outlives it.
class decision_links {
public:
    decision_links(
        link_config config,
        ports::http_client& http,
        ports::clock& time,
        ports::log& out,
        ports::decision_desk& desk
    );

    ports::callback_route route();

    // For a letter to that address; of no use from `until` on.
    std::string link(const std::string& request_id, const std::string& to, instant until) const;

private:
    using answer = boost::asio::awaitable<ports::callback_response>;

    answer take(ports::callback_request request);
    answer on_link(std::string sealed);
    answer on_login(ports::callback_request request);
    answer on_form(ports::callback_request request);
    answer show_form(std::string request_id, std::string email, std::string problem);
    answer decide(access::decision asked, bool confirmed);

    login login_for(const std::string& cookie, std::string state) const;
    std::string cookie_name(std::string_view which) const;
    std::string
    set_cookie(std::string_view which, const std::string& value, std::string_view same_site) const;
    bool
    has_cookie(const ports::callback_request& request, std::string_view which, std::string_view proof) const;
    ports::callback_response refuse(std::string_view why) const;

    seal seal_;
    std::string public_addr_;
    bool secure_;
    oidc_provider provider_;
    ports::clock& time_;
    ports::log& out_;
    ports::decision_desk& desk_;
};

} // namespace hallpass::services::email
