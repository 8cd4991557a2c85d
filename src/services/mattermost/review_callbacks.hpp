// Clicks and forms, from Mattermost's callbacks to decisions. Mattermost waits 30 s unless it is told
// otherwise.
#pragma once

#include "ports/callbacks.hpp"
#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "ports/log.hpp"
#include "services/mattermost/api.hpp"
#include "services/mattermost/form.hpp"
#include "services/mattermost/interaction.hpp"
#include "services/mattermost/once_only.hpp"
#include "services/request_look_up.hpp"
#include "services/seal.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::mattermost {

// What the service knows of itself.
struct own_place {
    std::string public_addr; // of our callbacks, without a slash at its end
    std::function<boost::asio::awaitable<result<std::string>>()> id;
    std::function<boost::asio::awaitable<result<std::string>>(std::string user)> direct_channel;
};

// What it is made with outlives it, and it outlives what the desk runs for it.
class review_callbacks {
public:
    review_callbacks(
        own_place own,
        const seal& by,
        api& mattermost,
        ports::clock& time,
        ports::log& out,
        ports::decision_desk& desk
    );

    std::vector<ports::callback_route> routes();

    // For the card in that channel.
    boost::json::array buttons(const access::card& shown, const std::string& channel) const;

private:
    boost::asio::awaitable<ports::callback_response> on_click(ports::callback_request request);
    boost::asio::awaitable<ports::callback_response> on_form(ports::callback_request request);

    ports::callback_response refuse(std::string_view why);
    boost::asio::awaitable<result<bool>> is_on_our_card(button_click click);
    boost::asio::awaitable<ports::callback_response>
    open_form(button_click click, std::optional<ports::shown_request> found, instant until);
    boost::asio::awaitable<void>
    decide(std::shared_ptr<late_answer<access::decision_outcome>> run, form_sent form);
    ports::callback_response after(const form_sent& form, const access::decision_outcome& outcome);
    // To that person alone.
    boost::asio::awaitable<void> tell(form_facts about, std::string words);
    boost::asio::awaitable<void> tell_directly(form_facts about, std::string words);
    std::chrono::milliseconds left(instant until) const;

    own_place own_;
    const seal& seal_;
    api& mattermost_;
    ports::clock& time_;
    ports::log& out_;
    ports::decision_desk& desk_;
    instant made_;
    once_only clicks_;
    once_only forms_;
};

} // namespace hallpass::services::mattermost
