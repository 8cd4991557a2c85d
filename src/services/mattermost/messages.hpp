// What Mattermost is told: cards as a post with an attachment. A post's message has as many characters as the
// server takes, its attachment room for the rest (api-messaging 3.1).
#pragma once

#include "access/card.hpp"
#include "access/message.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace hallpass::services::mattermost {

// Characters of a message that the oldest servers take, and that any does.
inline constexpr std::size_t least_room = 4000;
inline constexpr std::size_t most_room = 16383;

// Each is "message" and "props" of a post, to be made or changed: props are replaced whole, and what isn't in
// them is gone, buttons too. `key` is put where a look-up finds it: in props, which people can't write in
// others' posts.
//
// `blocks`: the server offers the newer format of cards and buttons, and gets it beside the older one.
// `room`: characters that the server takes. `message` says who, what and where to decide, and is what a
// notification shows.
boost::json::object card_message(
    const access::card& shown,
    const access::delivery_key& key,
    boost::json::array buttons = {},
    bool blocks = false
);
// Precondition: `index` is one of shown.reviews.
boost::json::object review_message(
    const access::card& shown,
    std::size_t index,
    const access::delivery_key& key,
    std::size_t room = least_room
);
boost::json::object
outcome_message(const access::card& shown, const access::delivery_key& key, std::size_t room = least_room);
// To one person, of what became of their decision, as Markdown; `link` may stand in the words.
std::string note(std::string_view words, std::string_view link);

// Whether a post that Mattermost gave back carries the key.
bool carries(const boost::json::object& post, const access::delivery_key& key);

} // namespace hallpass::services::mattermost
