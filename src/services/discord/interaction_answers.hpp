// Clicks and forms, from Discord's interactions to decisions, whatever way they come. Discord waits 3 s for
// each answer, and the person sees an error when it doesn't get one.
#pragma once

#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "ports/log.hpp"
#include "services/discord/api.hpp"
#include "services/discord/interaction.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace hallpass::services::discord {

// What it is made with outlives it, and it outlives what the desk runs for it.
class interaction_answers {
public:
    interaction_answers(
        std::string application, api& discord, ports::clock& time, ports::log& out, ports::decision_desk& desk
    );

    // The answer to an interaction that is proved to come from Discord; nothing where it is for another
    // application. Answers within 2 s.
    boost::asio::awaitable<std::optional<boost::json::object>> answer(boost::json::object payload);

private:
    struct look_up_run;
    struct decision_run;

    boost::asio::awaitable<boost::json::object> on_click(button_click click, instant until);
    boost::asio::awaitable<boost::json::object> on_form(form_sent form, instant until);

    boost::asio::awaitable<void> look_up(std::shared_ptr<look_up_run> run, std::string request_id);
    boost::asio::awaitable<void> decide(std::shared_ptr<decision_run> run, form_sent form);
    boost::asio::awaitable<void> show_late(form_sent form, access::decision_outcome outcome);

    boost::json::object answer_after(const button_click& click, const look_up_run& run) const;
    boost::json::object form_for(const button_click& click, const ports::shown_request* found) const;
    std::chrono::milliseconds left(instant until) const;

    std::string application_;
    api& discord_;
    ports::clock& time_;
    ports::log& out_;
    ports::decision_desk& desk_;
};

} // namespace hallpass::services::discord
