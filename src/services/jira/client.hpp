// Jira as a service: an issue for each request, a comment for each review, a transition at the end.
#pragma once

#include "ports/service.hpp"
#include "ports/service_kind.hpp"
#include "services/jira/api.hpp"
#include "services/jira/config.hpp"
#include "services/jira/decisions.hpp"
#include "services/jira/issues.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::jira {

// There is one place for all requests: the project. An address is its key; a message is an issue by id and
// key, or a comment by the issue's id and its own.
class jira_service final : public ports::service {
public:
    jira_service(jira_config config, ports::service_environment environment);

    std::string_view name() const noexcept override { return "jira"; }

    boost::asio::awaitable<result<std::string>> check() override;
    std::optional<std::vector<std::string>> recipients(const access::access_request&) const override;
    boost::asio::awaitable<result<access::address>> resolve(std::string recipient) override;
    boost::asio::awaitable<result<std::optional<access::address>>> resolve_requester(std::string teleport_user
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    post(access::address to, access::card shown, access::delivery_key key) override;
    // While the request is pending the issue has nothing to change: what happens is told in comments.
    boost::asio::awaitable<result<void>> update(access::message_ref message, access::card shown) override;
    boost::asio::awaitable<result<access::message_ref>> reply(
        access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find(access::address to, access::message_ref thread, access::delivery_key key, instant since) override;
    std::vector<ports::callback_route> take_decisions(ports::decision_desk& desk) override;

private:
    boost::asio::awaitable<result<std::string>> check_project();
    boost::asio::awaitable<result<void>> check_permissions();

    jira_config config_;
    ports::clock& time_;
    ports::log& out_;
    api api_;
    issues issues_;
    std::unique_ptr<decisions> decisions_;
};

} // namespace hallpass::services::jira
