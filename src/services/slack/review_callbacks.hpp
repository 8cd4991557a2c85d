// Clicks and forms, from Slack's callbacks to decisions. Slack waits 3 s for each answer, and the person sees
// an error when it doesn't get one.
#pragma once

#include "base/secret.hpp"
#include "ports/callbacks.hpp"
#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "ports/log.hpp"
#include "services/request_look_up.hpp"
#include "services/slack/api.hpp"
#include "services/slack/interaction.hpp"
#include "services/slack/signature.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace hallpass::services::slack {

// The ids of the workspace that the app is installed in, and of the app; "" while they aren't known.
struct own_place {
    std::string team;
    std::string app;
};

using find_own_place = std::function<boost::asio::awaitable<own_place>()>;

// Slack gives 3 s, of which the network takes its part.
inline constexpr std::chrono::milliseconds longest_answer{2000};

// What it is made with outlives it, and it outlives what the desk runs for it.
class review_callbacks {
public:
    review_callbacks(
        secret signing_secret,
        api& slack,
        ports::clock& time,
        ports::log& out,
        ports::decision_desk& desk,
        find_own_place own
    );

    // Over HTTPS, signed.
    ports::callback_route route();

    // The answer to a payload that Slack has sent for sure. Not 200 where it is refused: then Slack gets no
    // answer that could look like success.
    boost::asio::awaitable<ports::callback_response> respond(boost::json::object payload, instant until);

    // Puts what an answer says into the form that it couldn't be given to.
    boost::asio::awaitable<void> show_instead(std::string view, std::string answer);

private:
    boost::asio::awaitable<ports::callback_response> answer(ports::callback_request request);
    boost::asio::awaitable<ports::callback_response> on_click(button_click click, instant until);
    boost::asio::awaitable<ports::callback_response> on_form(form_sent form, instant until);

    boost::asio::awaitable<void>
    decide(std::shared_ptr<late_answer<access::decision_outcome>> run, form_sent form, std::string team);
    boost::asio::awaitable<void> show_late(form_sent form, access::decision_outcome outcome);

    boost::json::object view_after(const button_click& click, const request_look_up& run) const;
    boost::json::object form_for(const button_click& click, const ports::shown_request* found) const;
    bool comes_from_elsewhere(const actor& who, const std::string& app, const own_place& own);
    std::chrono::milliseconds left(instant until) const;

    signature_check signature_;
    api& slack_;
    ports::clock& time_;
    ports::log& out_;
    ports::decision_desk& desk_;
    find_own_place own_;
};

} // namespace hallpass::services::slack
