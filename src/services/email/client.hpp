// Mail as a service. What has been sent can't be changed: every review and the outcome are letters of their
// own in the thread of the first.
#pragma once

#include "ports/service.hpp"
#include "ports/service_kind.hpp"
#include "services/email/config.hpp"
#include "services/email/post_office.hpp"
#include "services/email/words.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::email {

// Addresses are mail addresses; a message's id is its Message-ID.
class email_service final : public ports::service {
public:
    email_service(
        email_config config, std::unique_ptr<post_office> office, ports::service_environment environment
    );

    std::string_view name() const noexcept override { return "email"; }

    bool sends_letters() const noexcept override { return true; }

    boost::asio::awaitable<result<std::string>> check() override;
    std::optional<std::vector<std::string>> recipients(const access::access_request& request) const override;
    boost::asio::awaitable<result<access::address>> resolve(std::string recipient) override;
    boost::asio::awaitable<result<std::optional<access::address>>> resolve_requester(std::string teleport_user
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    post(access::address to, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<void>> update(access::message_ref message, access::card shown) override;
    boost::asio::awaitable<result<access::message_ref>> reply(
        access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find(access::address to, access::message_ref thread, access::delivery_key key, instant since) override;

    // With [email.oidc], from here on letters lead to decisions.
    std::vector<ports::callback_route> take_decisions(ports::decision_desk& desk) override;

private:
    boost::asio::awaitable<result<access::message_ref>>
    send(std::string to, std::string thread, letter_words words, access::delivery_key key);

    email_config config_;
    std::unique_ptr<post_office> office_;
    ports::http_client& http_;
    ports::clock& time_;
    ports::log& out_;
    std::unique_ptr<decision_links> links_; // null until decisions are taken
    const access::people* people_;          // null where there is none
};

} // namespace hallpass::services::email
