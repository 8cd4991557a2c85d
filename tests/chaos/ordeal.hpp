// One row of the fault matrix: instances, load and faults together, then quiet, then the judge.
#pragma once

#include "judge.hpp"
#include "service_row.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::chaos {

// A side that is down for a while.
struct outage {
    std::string side; // "slack", "auth"
    std::chrono::milliseconds from;
    std::chrono::milliseconds to;
};

struct fault_mix {
    std::string name;
    chaos::commands commands = {}; // that begin it
    bool kills = false;            // one of the instances every 200 to 500 ms
    bool drops = false;            // every watch stream every 100 to 300 ms
    std::vector<outage> outages = {};
};

struct ordeal {
    const service_row* on = nullptr;
    fault_mix faults;
    std::size_t instances = 1;
    std::size_t requests = 100;
    std::chrono::milliseconds creating = std::chrono::seconds(3); // the faults last this long at least
    std::uint64_t seed = 1;
};

struct ordeal_result {
    verdict found;
    bool quiet = false; // it became clean by itself, in time
    std::size_t kills = 0;
    std::size_t messages = 0;
    std::chrono::milliseconds under_faults{0};
    std::chrono::milliseconds until_quiet{0}; // from the end of the faults, the rest of the load included
    std::string evidence; // where something was found: the findings and what the logs say of them
};

// Throws where an instance ends by itself, or doesn't stop when asked to.
ordeal_result endure(const ordeal& what);

} // namespace hallpass::chaos
