// Reviews, states and users beside a simulated Auth Service, judged as Teleport judges (teleport-wire 3.4).
#pragma once

#include "access/review_rules.hpp"
#include "ports/clock.hpp"
#include "ports/review_gateway.hpp"
#include "simulation/simulated_auth.hpp"

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace hallpass::test {

class simulated_reviews final : public ports::review_gateway {
public:
    simulated_reviews(simulation::simulated_auth& auth, ports::clock& time) : auth_(auth), time_(time) {}

    boost::asio::awaitable<result<access::access_request>> submit_review(ports::review_submission review
    ) override;
    boost::asio::awaitable<result<void>> set_state(ports::state_change change) override;
    boost::asio::awaitable<result<bool>> find_user(std::string name) override;
    boost::asio::awaitable<result<std::vector<std::string>>>
    users_by_trait(std::string trait, std::string value) override;

    std::deque<simulation::simulated_auth::mishap> next_reviews;
    std::deque<simulation::simulated_auth::mishap> next_states;
    std::deque<fault> next_look_ups;
    std::function<void()> before_review; // somebody else's chance
    std::chrono::milliseconds delay{0};  // of a review, before it is judged
    bool may_submit_for_users = true;    // and the server is new enough
    unsigned approvals_needed = 1;
    std::set<std::string> reviewers{"bob", "carol", "hallpass"};
    std::map<std::string, std::vector<std::string>> holders; // trait and value: users
    std::set<std::string> users;
    std::vector<ports::review_submission> submitted;
    std::vector<ports::state_change> changed;

private:
    result<access::access_request> judge(const ports::review_submission& review);
    result<void> change_state(const ports::state_change& change);

    simulation::simulated_auth& auth_;
    ports::clock& time_;
};

} // namespace hallpass::test
