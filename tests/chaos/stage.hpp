// Sandbox and instances for the tests that measure: requests in bursts, and how long until each was
// announced.
#pragma once

#include "fleet.hpp"
#include "judge.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace hallpass::chaos {

using clock_type = std::chrono::steady_clock;

class stage {
public:
    // Every request goes to two channels and to its requester.
    explicit stage(std::size_t instances);

    void tell(const std::string& path, boost::json::object body) const;

    void create(std::size_t count);

    // From here on, who sends a message waits for three seconds, and then nothing is posted: what is claimed
    // stays claimed, and no message of a killed process arrives later.
    void hold_sends() const;

    void release_sends() const { tell("/faults/clear", {}); }

    // The requests that each instance has claimed; instances that hold none are left out.
    std::map<std::string, std::set<std::string>> claims_held() const;

    bool all_claimed_by_one() const;

    // Waits until every request has a card at every recipient, and gives for each the milliseconds from
    // `begin`. Those announced before this is called are left out.
    std::map<std::string, double>
    times_until_announced(clock_type::time_point begin, std::chrono::milliseconds limit);

    // What the judge says once no claim is left and all instances have stopped.
    verdict judged();

    test::running_sandbox world;
    fleet instances;

private:
    std::vector<std::string> ids_;
};

double percentile(std::vector<double> values, double share);

} // namespace hallpass::chaos
