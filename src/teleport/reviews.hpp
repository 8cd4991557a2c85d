// Reviews, states and users of the Auth Service, over whatever session there is.
#pragma once

#include "ports/clock.hpp"
#include "ports/review_gateway.hpp"
#include "teleport/in_flight.hpp"
#include "teleport/session_slot.hpp"
#include "teleport/trait_holders.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace hallpass::teleport {

// Every call ends within the limit, waiting for a session included.
class reviews final : public ports::review_gateway {
public:
    reviews(
        const boost::asio::any_io_executor& executor,
        session_slot& sessions,
        ports::clock& time,
        const in_flight& calls,
        std::chrono::milliseconds limit
    );

    boost::asio::awaitable<result<access::access_request>> submit_review(ports::review_submission review
    ) override;
    boost::asio::awaitable<result<void>> set_state(ports::state_change change) override;
    boost::asio::awaitable<result<bool>> find_user(std::string name) override;
    boost::asio::awaitable<result<std::vector<std::string>>>
    users_by_trait(std::string trait, std::string value) override;

private:
    session_slot& sessions_;
    const in_flight& calls_;
    std::chrono::milliseconds limit_;
    trait_holders holders_;
};

} // namespace hallpass::teleport
