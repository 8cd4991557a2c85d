// ServiceNow as a service: an incident for each request, a work note for each review, a resolution at the
// end.
#pragma once

#include "ports/service.hpp"
#include "ports/service_kind.hpp"
#include "services/servicenow/api.hpp"
#include "services/servicenow/config.hpp"
#include "services/servicenow/decisions.hpp"
#include "services/servicenow/incidents.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::servicenow {

// There is one place for all requests: the table of incidents. A message is an incident by sys_id and number.
class servicenow_service final : public ports::service {
public:
    servicenow_service(servicenow_config config, ports::service_environment environment);

    std::string_view name() const noexcept override { return "servicenow"; }

    boost::asio::awaitable<result<std::string>> check() override;
    std::optional<std::vector<std::string>> recipients(const access::access_request&) const override;
    boost::asio::awaitable<result<access::address>> resolve(std::string recipient) override;
    boost::asio::awaitable<result<std::optional<access::address>>> resolve_requester(std::string teleport_user
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    post(access::address to, access::card shown, access::delivery_key key) override;
    // While the request is pending the incident has nothing to change: what happens is told in work notes.
    boost::asio::awaitable<result<void>> update(access::message_ref message, access::card shown) override;
    boost::asio::awaitable<result<access::message_ref>> reply(
        access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find(access::address to, access::message_ref thread, access::delivery_key key, instant since) override;
    std::vector<ports::callback_route> take_decisions(ports::decision_desk& desk) override;

    bool approves_on_call() const noexcept override { return config_.on_call.enabled; }

    boost::asio::awaitable<result<std::optional<std::string>>> on_call(access::access_request request
    ) override;

private:
    boost::asio::awaitable<result<void>> check_close_code();

    servicenow_config config_;
    ports::clock& time_;
    ports::log& out_;
    const access::people* people_; // as the operator lists them
    api api_;
    incidents incidents_;
    std::unique_ptr<decisions> decisions_;
};

} // namespace hallpass::services::servicenow
