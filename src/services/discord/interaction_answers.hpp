// Clicks and forms, from Discord's interactions to decisions, whatever way they come. Discord waits 3 s for
// each answer, and the person sees an error when it doesn't get one.
#pragma once

#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "ports/log.hpp"
#include "services/discord/api.hpp"
#include "services/discord/interaction.hpp"
#include "services/request_look_up.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace hallpass::services::discord {

// What Discord is told before anything is decided.
struct first_answer {
    boost::json::object said;
    std::optional<form_sent> to_decide; // once Discord has taken it
};

// What it is made with outlives it, and it outlives what the desk runs for it.
class interaction_answers {
public:
    interaction_answers(
        std::string application, api& discord, ports::clock& time, ports::log& out, ports::decision_desk& desk
    );

    // The answer to an interaction that is proved to come from Discord; nothing where it is for another
    // application. Answers within 2 s.
    boost::asio::awaitable<std::optional<boost::json::object>> answer(boost::json::object payload);

    // Where several may answer, and Discord says whose answer it takes: decides nothing. Nothing where it is
    // for another application, or on what another program of this application made. Within 2 s.
    boost::asio::awaitable<std::optional<first_answer>> first(boost::json::object payload);
    // What follows it: decides, and puts the outcome in its place.
    boost::asio::awaitable<void> decide_answered(form_sent form);
    // Puts the outcome in the place of an answer that Discord has taken.
    boost::asio::awaitable<void> show(form_sent form, access::decision_outcome outcome);

private:
    boost::asio::awaitable<boost::json::object> on_click(button_click click, instant until);
    boost::asio::awaitable<boost::json::object> on_form(form_sent form, instant until);

    boost::asio::awaitable<void>
    decide(std::shared_ptr<late_answer<access::decision_outcome>> run, form_sent form);
    boost::asio::awaitable<void>
    show_after(std::chrono::milliseconds pause, form_sent form, access::decision_outcome outcome);

    bool is_ours(const boost::json::object& payload, bool is_ping) const;
    // What a form is told that decides nothing.
    std::optional<boost::json::object> objection(const form_sent& form) const;

    boost::json::object answer_after(const button_click& click, const request_look_up& run) const;
    boost::json::object form_for(const button_click& click, const ports::shown_request* found) const;
    std::chrono::milliseconds left(instant until) const;

    std::string application_;
    api& discord_;
    ports::clock& time_;
    ports::log& out_;
    ports::decision_desk& desk_;
};

} // namespace hallpass::services::discord
