// Looks a message up in a channel by its delivery key, long after Discord has forgotten the nonce.
#pragma once

#include "access/message.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/clock.hpp"
#include "services/discord/api.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace hallpass::services::discord {

// A message that is looked for.
struct sought {
    std::string channel;
    std::string thread; // the message that it would reply to, or ""
    access::delivery_key key;
    instant since;
    std::string author; // our own user id
};

// What keeps us from looking, in the words of a fault that says so: unsupported.
fault cant_look(const fault& failed);

inline constexpr std::chrono::seconds longest_look{10};

// The API and the clock outlive it. Faults: unsupported where the bot may not read the channel's history, or
// it holds too much to be read; what the API gives otherwise, as rate_limited. Only what was read to its end
// is not there.
class history {
public:
    history(api& discord, ports::clock& time);

    boost::asio::awaitable<result<std::optional<access::message_ref>>> find(sought what, instant until);

private:
    // Nothing where the channel has had no message after that one: then an empty history is the truth.
    boost::asio::awaitable<result<void>>
    check_silence(std::string channel, std::uint64_t after, instant until);
    std::chrono::milliseconds left(instant until) const;

    api& discord_;
    ports::clock& time_;
};

} // namespace hallpass::services::discord
