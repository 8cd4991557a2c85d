// Clicks and forms, from Slack's callbacks to decisions. Slack waits 3 s for each answer, and the person sees
// an error when it doesn't get one.
#pragma once

#include "base/secret.hpp"
#include "ports/callbacks.hpp"
#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "ports/log.hpp"
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

// The id of the workspace that the app is installed in; "" while it isn't known.
using own_team = std::function<boost::asio::awaitable<std::string>()>;

// What it is made with outlives it, and it outlives what the desk runs for it.
class review_callbacks {
public:
    review_callbacks(
        secret signing_secret,
        api& slack,
        ports::clock& time,
        ports::log& out,
        ports::decision_desk& desk,
        own_team team
    );

    ports::callback_route route();

private:
    struct look_up_run;
    struct decision_run;

    boost::asio::awaitable<ports::callback_response> answer(ports::callback_request request);
    boost::asio::awaitable<ports::callback_response> on_click(button_click click, instant until);
    boost::asio::awaitable<ports::callback_response> on_form(form_sent form, instant until);

    boost::asio::awaitable<void> look_up(std::shared_ptr<look_up_run> run, std::string request_id);
    boost::asio::awaitable<void> decide(std::shared_ptr<decision_run> run, form_sent form, std::string team);
    boost::asio::awaitable<void> show_late(form_sent form, access::decision_outcome outcome);

    boost::json::object view_after(const button_click& click, const look_up_run& run) const;
    boost::json::object form_for(const button_click& click, const ports::shown_request* found) const;
    bool comes_from_elsewhere(const actor& who, const std::string& team);
    std::chrono::milliseconds left(instant until) const;

    signature_check signature_;
    api& slack_;
    ports::clock& time_;
    ports::log& out_;
    ports::decision_desk& desk_;
    own_team team_;
};

} // namespace hallpass::services::slack
