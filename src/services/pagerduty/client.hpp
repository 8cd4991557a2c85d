// PagerDuty as a service: an incident for each request, in one or several of PagerDuty's services.
#pragma once

#include "access/routing.hpp"
#include "ports/service.hpp"
#include "ports/service_kind.hpp"
#include "services/pagerduty/api.hpp"
#include "services/pagerduty/config.hpp"
#include "services/pagerduty/directory.hpp"
#include "services/pagerduty/on_call.hpp"
#include "services/pagerduty/review_callbacks.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::pagerduty {

// Addresses are ids of PagerDuty's services. The conversation of a message is its incident.
class pagerduty_service final : public ports::service {
public:
    pagerduty_service(pagerduty_config config, ports::service_environment environment);

    std::string_view name() const noexcept override { return "pagerduty"; }

    boost::asio::awaitable<result<std::string>> check() override;
    // What the request's annotation names, else [role_to_recipients], else service_id.
    std::optional<std::vector<std::string>> recipients(const access::access_request& request) const override;
    boost::asio::awaitable<result<access::address>> resolve(std::string recipient) override;
    boost::asio::awaitable<result<std::optional<access::address>>> resolve_requester(std::string teleport_user
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    post(access::address to, access::card shown, access::delivery_key key) override;
    // While pending, an incident says all in its notes. The end is a note more, and the incident is resolved.
    boost::asio::awaitable<result<void>> update(access::message_ref message, access::card shown) override;
    boost::asio::awaitable<result<access::message_ref>> reply(
        access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find(access::address to, access::message_ref thread, access::delivery_key key, instant since) override;
    std::vector<ports::callback_route> take_decisions(ports::decision_desk& desk) override;

    bool approves_on_call() const noexcept override { return on_call_.enabled(); }

    boost::asio::awaitable<result<std::optional<std::string>>> on_call(access::access_request request
    ) override;

private:
    boost::asio::awaitable<result<void>> check_rights();
    boost::asio::awaitable<result<std::string>> check_services();
    boost::asio::awaitable<result<void>> check_on_call(std::string kind, std::vector<std::string> names);
    boost::asio::awaitable<void> warn_of_own_calls(std::string policy, std::string service);
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find_incident(std::string service, std::string request_id);
    boost::asio::awaitable<result<access::message_ref>> make_incident(access::address to, access::card shown);
    boost::asio::awaitable<result<void>> tell_end(std::string incident, access::card shown);
    boost::asio::awaitable<result<void>> resolve_incident(std::string incident);

    ports::log& out_;
    ports::clock& time_;
    pagerduty_config config_;
    std::optional<access::routing_table> routing_;
    api api_;
    directory directory_;
    on_call_finder on_call_;
    std::unique_ptr<review_callbacks> callbacks_; // null where nothing is decided from PagerDuty
};

} // namespace hallpass::services::pagerduty
