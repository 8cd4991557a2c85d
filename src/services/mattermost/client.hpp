// Mattermost as a service.
#pragma once

#include "ports/service.hpp"
#include "ports/service_kind.hpp"
#include "services/mattermost/api.hpp"
#include "services/mattermost/config.hpp"
#include "services/mattermost/directory.hpp"
#include "services/mattermost/history.hpp"
#include "services/mattermost/messages.hpp"
#include "services/mattermost/review_callbacks.hpp"
#include "services/seal.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::mattermost {

// Addresses are ids of channels, and of users behind an at sign ("@…"): their direct messages.
class mattermost_service final : public ports::service {
public:
    mattermost_service(mattermost_config config, ports::service_environment environment);

    std::string_view name() const noexcept override { return "mattermost"; }

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
    std::vector<ports::callback_route> take_decisions(ports::decision_desk& desk) override;

private:
    boost::json::array buttons(const access::card& shown, const std::string& channel) const;
    std::optional<access::address> mapped(std::string_view person) const;
    boost::asio::awaitable<result<std::string>> read_identity();
    boost::asio::awaitable<void> read_offer();
    boost::asio::awaitable<result<std::string>> own_id();
    boost::asio::awaitable<result<std::string>> channel_of(access::address to);
    boost::asio::awaitable<result<access::message_ref>>
    send(std::string channel, boost::json::object post, access::delivery_key key);

    ports::log& out_;
    ports::clock& time_;
    // For servers that tell a bot nobody's e-mail address. Null where there is none.
    const access::people* people_;
    std::optional<std::vector<std::string>> recipients_;
    std::string public_addr_; // of our callbacks; "" where nothing can be decided
    seal seal_;               // before api_, which takes the token
    api api_;
    directory directory_;
    history history_;
    std::string me_;                // our user id, "" until it is known
    std::size_t room_ = least_room; // characters of a post's message
    bool offers_blocks_ = false;
    std::map<std::string, std::string> direct_channels_; // by user id
    std::unique_ptr<review_callbacks> callbacks_;        // null where nothing is decided from Mattermost
};

} // namespace hallpass::services::mattermost
