// Microsoft Teams as a service.
#pragma once

#include "ports/service.hpp"
#include "ports/service_kind.hpp"
#include "services/msteams/api.hpp"
#include "services/msteams/config.hpp"
#include "services/msteams/directory.hpp"
#include "services/msteams/review_callbacks.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::msteams {

// Addresses are conversations: of the app with a person, or a channel ("19:…@thread.tacv2").
class msteams_service final : public ports::service {
public:
    msteams_service(msteams_config config, ports::service_environment environment);

    // Upstream's name; the section is [msapi].
    std::string_view name() const noexcept override { return "msteams"; }

    boost::asio::awaitable<result<std::string>> check() override;
    boost::asio::awaitable<result<access::address>> resolve(std::string recipient) override;
    boost::asio::awaitable<result<std::optional<access::address>>> resolve_requester(std::string teleport_user
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    post(access::address to, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<void>> update(access::message_ref message, access::card shown) override;
    // In a channel below the message, in a chat after it.
    boost::asio::awaitable<result<access::message_ref>> reply(
        access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) override;
    // unsupported: the connector lists no messages, and Graph lists them only with a permission to read all
    // of the organisation's chats.
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find(access::address to, access::message_ref thread, access::delivery_key key, instant since) override;
    boost::asio::awaitable<result<std::string>> uninstall(std::string recipient) override;
    std::vector<ports::callback_route> take_decisions(ports::decision_desk& desk) override;

private:
    std::string mapped(std::string_view person) const;
    boost::asio::awaitable<result<access::address>> resolve_channel(std::string link);
    boost::asio::awaitable<result<std::optional<std::string>>> find_user(std::string wanted);
    boost::asio::awaitable<result<access::message_ref>>
    send(std::string conversation, std::string below, boost::json::object activity);
    // Where a message is: what upstream's program kept names whom it was for instead.
    boost::asio::awaitable<result<std::string>> conversation_of(std::string place);
    boost::json::object card_activity(const access::card& shown, const access::delivery_key& key) const;

    boost::asio::awaitable<result<void>> tell(std::string user_id, std::string request_id, std::string words);

    ports::http_client& http_;
    ports::clock& time_;
    ports::log& out_;
    const access::people* people_; // null where there is none
    api api_;
    directory directory_;
    ports::decision_desk* desk_ = nullptr; // null where nothing is decided from Teams
    std::unique_ptr<review_callbacks> callbacks_;
};

} // namespace hallpass::services::msteams
