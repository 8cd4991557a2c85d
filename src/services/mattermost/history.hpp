// Looks a post up in a channel by its delivery key, long after Mattermost has forgotten its pending_post_id.
#pragma once

#include "access/message.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/clock.hpp"
#include "services/mattermost/api.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace hallpass::services::mattermost {

// A post that is looked for.
struct sought {
    std::string channel;
    access::delivery_key key;
    instant since;
    std::string author; // our own user id
};

// What keeps us from looking, in the words of a fault that says so: unsupported.
fault cant_look(const fault& failed);

inline constexpr std::chrono::seconds longest_look{10};

// The API and the clock outlive it. Faults: unsupported where the bot may not read the channel, or it holds
// too much to be read; what the API gives otherwise. Only what was read to its end is not there.
class history {
public:
    history(api& mattermost, ports::clock& time);

    boost::asio::awaitable<result<std::optional<access::message_ref>>> find(sought what, instant until);

private:
    api& mattermost_;
    ports::clock& time_;
};

} // namespace hallpass::services::mattermost
