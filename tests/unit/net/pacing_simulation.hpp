// Callers that always have something to send, the pacer, and a third party that counts, on a virtual clock.
#pragma once

#include "net/pacer.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace hallpass::test {

using pacing_time = net::pacer::time_point;
using pacing_span = net::pacer::duration;

// A bucket of tokens. rate 0: no limit.
struct bucket {
    bucket() = default;

    bucket(double rate, double size) : rate(rate), size(size) {}

    double rate = 0; // tokens a second
    double size = 1;

    // Takes one; false and how long until there is one.
    bool take(pacing_time now);
    pacing_span next() const;

private:
    std::optional<double> tokens_;
    pacing_time at_{};
};

// The first `most` calls of each period are taken. most 0: no limit.
struct period_limit {
    int most = 0;
    pacing_span length = std::chrono::minutes(1);

    bool take(pacing_time now);
    pacing_span next(pacing_time now) const;

private:
    std::int64_t period_ = -1;
    int taken_ = 0;
};

struct third_party {
    bucket whole;           // all calls
    bucket each;            // every channel its own
    period_limit minute;    // all calls
    bool tells_when = true; // Retry-After, in whole seconds
    std::optional<pacing_time> lifted_at;
    std::map<std::string, bucket> channels;

    // Nothing where the call is taken, else when to come back, if it says so.
    struct refusal {
        std::optional<pacing_span> retry_after;
    };

    std::optional<refusal> call(const std::string& channel, pacing_time now);
};

struct traffic {
    int callers = 300;
    int channels = 1;
    std::chrono::seconds lasts{120};
    std::chrono::seconds counted_from{10};
    pacing_span least_interval{};
    pacing_span thinks{}; // between one call and the next of a caller
};

struct figures {
    int accepted = 0; // since counted_from
    int refused = 0;
    int accepted_before = 0;
    int refused_before = 0;
    double rate = 0;                          // accepted a second since counted_from
    double share = 0;                         // refused of all since counted_from
    pacing_span closest = pacing_span::max(); // between two calls that were written

    std::string text() const;
};

figures simulate(third_party service, const traffic& load);

extern const pacing_time simulation_start;

} // namespace hallpass::test
