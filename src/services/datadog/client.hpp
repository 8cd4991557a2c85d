// Datadog as a service: an incident for each request, a cell of its timeline for each review, resolved at the
// end.
#pragma once

#include "ports/service.hpp"
#include "ports/service_kind.hpp"
#include "services/datadog/api.hpp"
#include "services/datadog/config.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::datadog {

// There is one incident for all who are told of a request, as upstream has it: recipients are notified by it,
// or are teams of it. A message is an incident's id, twice.
class datadog_service final : public ports::service {
public:
    datadog_service(datadog_config config, ports::service_environment environment);

    std::string_view name() const noexcept override { return "datadog"; }

    boost::asio::awaitable<result<std::string>> check() override;
    std::optional<std::vector<std::string>> recipients(const access::access_request& request) const override;
    boost::asio::awaitable<result<access::address>> resolve(std::string recipient) override;
    boost::asio::awaitable<result<std::optional<access::address>>> resolve_requester(std::string teleport_user
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    post(access::address to, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<void>> update(access::message_ref message, access::card shown) override;
    // Datadog doesn't publish the call for the timeline. Where it is gone, the summary has the review.
    boost::asio::awaitable<result<access::message_ref>> reply(
        access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find(access::address to, access::message_ref thread, access::delivery_key key, instant since) override;

    bool approves_on_call() const noexcept override { return config_.on_call.enabled; }

    boost::asio::awaitable<result<std::optional<std::string>>> on_call(access::access_request request
    ) override;

private:
    std::vector<std::string> people_for(const access::card& shown) const;

    datadog_config config_;
    access::routing_table routing_;
    ports::clock& time_;
    ports::log& out_;
    const access::people* people_; // as the operator lists them
    api api_;
    // Who is told of a request, suggested reviewers included, which a card doesn't know. Bounded; where it is
    // forgotten, the roles tell.
    mutable std::map<std::string, std::vector<std::string>> told_;
    instant sure_from_; // the search may lag until then
    bool said_no_timeline_ = false;
};

} // namespace hallpass::services::datadog
