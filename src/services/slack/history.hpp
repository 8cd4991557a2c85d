// Looks a message up in a conversation by its delivery key: Slack has no key for posting a message only once
// (api-messaging 1.5).
#pragma once

#include "access/message.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "services/slack/api.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::slack {

// Who we are, as auth.test says.
struct identity {
    std::string user_id;
    std::string bot_id;
};

// "C0123ABCD", "U0123ABCD": an id, and not the name of a channel.
bool is_id(std::string_view text) noexcept;

// The API outlives it. Faults: unsupported where the app may not read the conversation, or it holds too much
// to be read; what the API gives otherwise.
class history {
public:
    explicit history(api& slack);

    // Remembers the id of a channel that was posted to by its name.
    void learn(const std::string& name, const std::string& id);

    // The conversation's id, of an address: a user's is the id of the direct conversation with them.
    boost::asio::awaitable<result<std::string>> conversation_of(access::address to);

    // `thread` is the message that was replied to, or "".
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find(std::string conversation, std::string thread, access::delivery_key key, instant since, identity me);

private:
    boost::asio::awaitable<result<std::string>> direct_conversation_with(std::string user);
    boost::asio::awaitable<result<std::string>> channel_named(std::string name);

    api& slack_;
    std::map<std::string, std::string> channels_;
};

} // namespace hallpass::services::slack
