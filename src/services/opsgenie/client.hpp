// Opsgenie as a service, and its successor: one alert for each request, which calls schedules and teams.
#pragma once

#include "access/routing.hpp"
#include "ports/service.hpp"
#include "ports/service_kind.hpp"
#include "services/opsgenie/alerts.hpp"
#include "services/opsgenie/api.hpp"
#include "services/opsgenie/config.hpp"
#include "services/opsgenie/on_call.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::opsgenie {

// An address says whom the alert calls. The conversation of a message is its alert.
//
// Nothing is decided here: who pressed a button is, for Opsgenie, a text that every holder of an
// integration's key can write, and its webhooks have no signature (api-ticketing 3.3, 3.6, 6.1).
class opsgenie_service final : public ports::service {
public:
    opsgenie_service(opsgenie_config config, ports::service_environment environment);

    std::string_view name() const noexcept override { return name_of(config_.on); }

    boost::asio::awaitable<result<std::string>> check() override;
    std::optional<std::vector<std::string>> recipients(const access::access_request& request) const override;
    boost::asio::awaitable<result<access::address>> resolve(std::string recipient) override;
    boost::asio::awaitable<result<std::optional<access::address>>> resolve_requester(std::string teleport_user
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    post(access::address to, access::card shown, access::delivery_key key) override;
    // While pending, an alert says all in its notes. The end closes it, with a note.
    boost::asio::awaitable<result<void>> update(access::message_ref message, access::card shown) override;
    boost::asio::awaitable<result<access::message_ref>> reply(
        access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find(access::address to, access::message_ref thread, access::delivery_key key, instant since) override;

    bool approves_on_call() const noexcept override { return on_call_.enabled(); }

    boost::asio::awaitable<result<std::optional<std::string>>> on_call(access::access_request request
    ) override;

private:
    boost::asio::awaitable<result<void>> check_writing();
    boost::asio::awaitable<result<std::string>> check_reading();
    boost::asio::awaitable<result<void>>
    check_named(std::string kind, std::string key, std::vector<std::string> names);

    ports::log& out_;
    opsgenie_config config_;
    std::optional<access::routing_table> routing_;
    api api_;
    alerts alerts_;
    on_call_finder on_call_;
};

} // namespace hallpass::services::opsgenie
