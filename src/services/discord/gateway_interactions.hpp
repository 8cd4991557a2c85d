// Interactions that come over the Gateway. Every instance of hallpass has a session there and gets all of
// them, perhaps several times; Discord takes one answer to each. So the answer comes before the decision:
// only whose answer Discord has taken decides (api-messaging 2.3, 2.4).
#pragma once

#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "ports/log.hpp"
#include "services/discord/api.hpp"
#include "services/discord/interaction_answers.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <deque>
#include <set>
#include <string>

namespace hallpass::services::discord {

// What it is made with outlives it, and it outlives what the desk runs for it.
class gateway_interactions {
public:
    gateway_interactions(
        std::string application,
        interaction_answers& answers,
        api& discord,
        ports::clock& time,
        ports::log& out,
        ports::decision_desk& desk
    );

    // Of a session, so it comes from Discord. Returns at once; what came before does nothing.
    void take(boost::json::object interaction);

private:
    // An interaction, and the secret by which it is answered.
    struct caller {
        std::string id;
        std::string token;
    };

    bool is_new(const std::string& id);
    boost::asio::awaitable<void> answer(caller who, boost::json::object interaction);
    boost::asio::awaitable<result<void>> claim(caller who, boost::json::object said);
    boost::asio::awaitable<void> look_after(caller who, form_sent form);

    std::string application_;
    interaction_answers& answers_;
    api& discord_;
    ports::clock& time_;
    ports::log& out_;
    ports::decision_desk& desk_;
    std::set<std::string> seen_;
    std::deque<std::string> in_order_; // those of seen_, the oldest first
    std::size_t under_way_ = 0;
};

} // namespace hallpass::services::discord
