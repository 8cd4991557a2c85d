// One run of a simulated world, wholly decided by its seed: what people do, what goes wrong, and what must be
// true in the end.
#pragma once

#include "simulation/instance.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace hallpass::simulation {

// What a run came to, for the figures.
struct verdict {
    std::vector<std::string> violations; // one line each; empty: every promise was kept
    std::string trace;                   // the last things that happened to the first one's request
    std::size_t requests = 0;
    std::size_t messages = 0;
    std::size_t crashes = 0;
};

class scenario {
public:
    explicit scenario(std::uint64_t seed, bool prints = false);

    verdict run();

private:
    void plan_requests();
    void plan_request(const std::string& id);
    void plan_outages();
    void plan_crashes();
    void end_of_faults();
    void watch_bounds();
    verdict judge();

    // Each says what is wrong with one request.
    void judge_request(const std::string& id, verdict& into) const;
    void
    judge_recipient(const std::string& id, const std::string& address, bool announced, verdict& into) const;
    access::request_state state_told_at(const delivered_message& card) const;
    void judge_follow_ups(const delivered_message& card, verdict& into) const;
    void judge_ledger(const std::string& id, verdict& into) const;

    bool must_be_announced(const std::string& id, const std::string& address) const;
    bool data_is_gone(const std::string& id) const;

    std::uint64_t seed_;
    timeline time_;
    faults wrong_;
    cluster auth_{time_};
    third_party service_{time_};
    surroundings world_{time_, wrong_, auth_, service_, {}, {}, false, workflow::uncertain_policy::resend,
                        {}};
    std::vector<std::unique_ptr<instance>> instances_;
    std::vector<std::string> requests_;
    std::set<std::string> once_refused_;
    std::chrono::milliseconds troubled_{0}; // so long anything may go wrong
    std::size_t crashes_ = 0;
};

} // namespace hallpass::simulation
