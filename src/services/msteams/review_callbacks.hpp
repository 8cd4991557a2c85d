// Actions of cards, from Microsoft's callbacks to decisions. Teams shows an error when it gets no answer in
// some seconds, and sends the action again.
#pragma once

#include "base/secret.hpp"
#include "ports/callbacks.hpp"
#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "ports/log.hpp"
#include "services/late_answer.hpp"
#include "services/msteams/activity.hpp"
#include "services/msteams/directory.hpp"
#include "services/msteams/remembered_actions.hpp"
#include "services/msteams/signing_keys.hpp"
#include "services/one_at_a_time.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace hallpass::services::msteams {

inline constexpr std::string_view messages_path = "/msteams/messages";

// Tells a person something in their chat with the app.
using tell_person = std::function<
    boost::asio::awaitable<result<void>>(std::string user_id, std::string request_id, std::string words)>;

// What it is made with outlives it, and it outlives what the desk runs for it.
class review_callbacks {
public:
    review_callbacks(
        ports::http_client& http,
        api& teams,
        directory& tenant,
        ports::clock& time,
        ports::log& out,
        ports::decision_desk& desk,
        tell_person tell
    );

    ports::callback_route route();

private:
    struct shown_lately {
        instant until;
        access::card card;
    };

    boost::asio::awaitable<ports::callback_response> answer(ports::callback_request request);
    // Why it is refused, or "" with the activity.
    boost::asio::awaitable<std::string> verify(ports::callback_request request, activity& into);
    boost::asio::awaitable<ports::callback_response> on_refresh(card_action asked, instant until);
    boost::asio::awaitable<ports::callback_response> on_decision(card_action asked, instant until);

    boost::asio::awaitable<void>
    look_up(std::shared_ptr<late_answer<std::optional<access::card>>> run, std::string request_id);
    boost::asio::awaitable<void> decide(std::shared_ptr<action_run> run, card_action asked);
    boost::asio::awaitable<std::optional<access::card>> card_of(std::string request_id);
    boost::asio::awaitable<std::string> words_after(card_action asked);
    std::chrono::milliseconds left(instant until) const;

    api& teams_;
    directory& tenant_;
    ports::clock& time_;
    ports::log& out_;
    ports::decision_desk& desk_;
    tell_person tell_;
    signing_keys keys_;
    remembered_actions actions_;
    // Whoever sees a card refreshes it, many at the same moment: one look-up serves them.
    one_at_a_time looking_up_;
    std::map<std::string, shown_lately> shown_; // by request
};

} // namespace hallpass::services::msteams
