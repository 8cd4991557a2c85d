// Discord as a service.
#pragma once

#include "ports/service.hpp"
#include "ports/service_kind.hpp"
#include "services/discord/api.hpp"
#include "services/discord/config.hpp"
#include "services/discord/gateway.hpp"
#include "services/discord/gateway_interactions.hpp"
#include "services/discord/history.hpp"
#include "services/discord/interaction_answers.hpp"
#include "services/discord/review_callbacks.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hallpass::services::discord {

// Addresses are ids of channels ("123…"), and of users behind an at sign ("@123…"): their direct messages.
class discord_service final : public ports::service {
public:
    discord_service(discord_config config, ports::service_environment environment);

    std::string_view name() const noexcept override { return "discord"; }

    boost::asio::awaitable<result<std::string>> check() override;
    boost::asio::awaitable<result<access::address>> resolve(std::string recipient) override;
    boost::asio::awaitable<result<std::optional<access::address>>> resolve_requester(std::string teleport_user
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    post(access::address to, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<void>> update(access::message_ref message, access::card shown) override;
    // Discord has no threads at messages as others do: a reply stands below in the channel and refers to it.
    boost::asio::awaitable<result<access::message_ref>> reply(
        access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find(access::address to, access::message_ref thread, access::delivery_key key, instant since) override;
    std::vector<ports::callback_route> take_decisions(ports::decision_desk& desk) override;

private:
    std::optional<access::address> mapped(std::string_view person) const;
    // Tells of settings for decisions that are another application's than the token, or that Discord calls
    // elsewhere.
    void compare_with(const boost::json::object& application) const;
    boost::asio::awaitable<result<std::string>> check_gateway();
    boost::asio::awaitable<result<boost::json::object>> read_identity();
    boost::asio::awaitable<result<std::string>> channel_of(access::address to);
    boost::asio::awaitable<result<access::message_ref>>
    send(std::string channel, boost::json::object message, access::delivery_key key);
    void notice_dropped_embeds(const std::string& channel, bool sent_any, const boost::json::object& posted);

    ports::log& out_;
    ports::clock& time_;
    // Discord tells a bot nobody's e-mail address (api-messaging 2.5), so the operator's table is the only
    // sound way from a person to an account. Null where there is none.
    const access::people* people_;
    std::string application_;
    std::string public_key_;
    bool by_gateway_;
    std::string api_url_;
    secret token_;
    ports::websocket_client* sockets_;
    api api_;
    history history_;
    std::string me_;                                     // our user id, "" until it is known
    std::map<std::string, std::string> direct_channels_; // by user id
    std::set<std::string> told_of_embeds_;               // channels
    // Null where nothing is decided from Discord.
    std::unique_ptr<interaction_answers> answers_;
    std::unique_ptr<review_callbacks> callbacks_; // over HTTPS
    std::unique_ptr<gateway_interactions> interactions_;
    std::unique_ptr<gateway> gateway_;
};

} // namespace hallpass::services::discord
