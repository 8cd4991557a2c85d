// Remembers which calls the Auth Service has refused, so that they are neither made nor logged again for a
// while.
#pragma once

#include "base/fault.hpp"
#include "base/time.hpp"

#include <map>
#include <string>

namespace hallpass::ports {
class log;
}

namespace hallpass::teleport::enrich {

class refusals {
public:
    explicit refusals(ports::log& out) : out_(out) {}

    bool is_refused(const std::string& call, instant now) const;
    // Logs a refusal once; other failures once each time they follow a success.
    void failed(const std::string& call, const fault& why, instant now);
    void succeeded(const std::string& call);

private:
    struct memory {
        instant until;
        bool told = false;
    };

    ports::log& out_;
    std::map<std::string, memory> calls_; // one entry for each method that is ever called
};

} // namespace hallpass::teleport::enrich
