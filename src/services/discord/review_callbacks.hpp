// Interactions that Discord posts to the public listener.
#pragma once

#include "ports/callbacks.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "services/discord/interaction_answers.hpp"
#include "services/discord/signature.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace hallpass::services::discord {

// What it is made with outlives it.
class review_callbacks {
public:
    review_callbacks(
        std::string public_key, interaction_answers& answers, ports::clock& time, ports::log& out
    );

    ports::callback_route route();

private:
    boost::asio::awaitable<ports::callback_response> answer(ports::callback_request request);

    signature_check signature_;
    interaction_answers& answers_;
    ports::clock& time_;
    ports::log& out_;
};

} // namespace hallpass::services::discord
