// Looks a message up in a conversation by its delivery key: Slack has no key for posting a message only once
// (api-messaging 1.5).
#pragma once

#include "access/message.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/clock.hpp"
#include "services/slack/api.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hallpass::services::slack {

// Who we are, as auth.test says.
struct identity {
    std::string user_id;
    std::string bot_id;
    std::string team_id;
};

// A message that is looked for.
struct sought {
    std::string conversation;
    std::string thread; // the message that it would reply to, or ""
    access::delivery_key key;
    instant since;
};

// "C0123ABCD", "U0123ABCD": an id, and not the name of a channel.
bool is_id(std::string_view text) noexcept;

// What keeps us from looking, in the words of a fault that says so: unsupported.
fault cant_look(const fault& failed);

inline constexpr std::chrono::seconds longest_look{10};

// The API and the clock outlive it. Faults: unsupported where the app may not read the conversation, or it
// holds too much to be read; what the API gives otherwise, as rate_limited. Only what was read to its end is
// not there.
struct reading;

class history {
public:
    history(api& slack, ports::clock& time);

    // Remembers the id of a channel that was posted to by its name.
    void learn(const std::string& name, const std::string& id);

    // Held while a question is being asked that many want answered; the others wait, and find the answer
    // known.
    class question {
    public:
        question(history& of, std::string name, std::shared_ptr<boost::asio::steady_timer> over);
        question(const question&) = delete;
        question& operator=(const question&) = delete;
        ~question();

    private:
        history& of_;
        std::string name_;
        std::shared_ptr<boost::asio::steady_timer> over_;
    };

    // Null where somebody else was asking, and has ended: look whether the answer is known now, and call
    // again.
    boost::asio::awaitable<std::unique_ptr<question>> ask(std::string name);

    // The conversation's id, of an address: a user's is the id of the direct conversation with them.
    boost::asio::awaitable<result<std::string>> conversation_of(access::address to, instant until);

    // Whoever looks in one conversation at the same time is served by one reading of it: after a crash,
    // hundreds do.
    boost::asio::awaitable<result<std::optional<access::message_ref>>> find(sought what, identity me);

private:
    struct line;

    boost::asio::awaitable<void> lead(std::shared_ptr<line> in, std::shared_ptr<reading> of, identity me);
    boost::asio::awaitable<result<void>>
    read_through(std::shared_ptr<reading> of, identity me, instant until);
    boost::asio::awaitable<result<std::string>> direct_conversation_with(std::string user, instant until);
    boost::asio::awaitable<result<std::string>> channel_named(std::string name, instant until);
    std::chrono::milliseconds left(instant until) const;

    api& slack_;
    ports::clock& time_;
    std::map<std::string, std::string> channels_; // and the direct conversations of users
    std::map<std::string, std::shared_ptr<boost::asio::steady_timer>> questions_; // being asked
    std::map<std::pair<std::string, std::string>, std::shared_ptr<line>> lines_; // by conversation and thread
};

} // namespace hallpass::services::slack
