// What is to go wrong on one side of the sandbox, settable while it runs, and how often each method was
// called.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::sandbox {

enum class fault_effect {
    refuse,      // answer with the code or status, having done nothing
    lose_answer, // do the work, then break the connection off
    garbage,     // do the work, then answer bytes that mean nothing
};

std::string_view to_string(fault_effect effect) noexcept;

struct fault_rule {
    std::string method = "*"; // "*" is every method
    fault_effect effect = fault_effect::refuse;
    std::string code;             // a gRPC code or a Slack error; "" is the side's default
    int status = 0;               // HTTP; 0 is 200 with a code and 500 without
    std::optional<unsigned> next; // so many calls, then the rule is gone; absent: until cleared
    double percent = 100;         // of the calls
};

struct rate_limit {
    std::string method = "*";
    double per_second = 0;
    bool per_channel = false; // each channel has its own budget
};

// What becomes of one call.
struct call_fate {
    std::chrono::milliseconds delay{0};        // before the work
    std::chrono::milliseconds answer_delay{0}; // after it
    std::optional<fault_rule> refused;
    bool lose_answer = false;
    bool garbage = false;
    std::optional<std::chrono::seconds> retry_after; // over a rate limit
};

using delays_by_method = std::map<std::string, std::chrono::milliseconds>;

struct fault_summary {
    std::vector<fault_rule> rules;
    std::vector<rate_limit> limits;
    delays_by_method delays;
    delays_by_method answer_delays;
};

// Thread-safe. Draws from a seeded generator, so that a run can be repeated.
class fault_plan {
public:
    using steady_time = std::chrono::steady_clock::time_point;

    explicit fault_plan(std::uint64_t seed = 1);

    // Counts the call and says what becomes of it. `channel` is "" where the method has none.
    call_fate begin(const std::string& method, const std::string& channel, steady_time now);

    void add(fault_rule rule);
    // 0 takes it away.
    void set_delay(const std::string& method, std::chrono::milliseconds delay);
    void set_answer_delay(const std::string& method, std::chrono::milliseconds delay);
    void set_rate_limit(rate_limit limit); // 0 a second takes it away
    void reseed(std::uint64_t seed);
    void clear();
    void forget_calls();

    std::map<std::string, std::uint64_t> calls() const;
    fault_summary summary() const;

private:
    struct bucket {
        double tokens = 0;
        steady_time filled;
    };

    std::optional<std::chrono::seconds>
    over_limit(const std::string& method, const std::string& channel, steady_time now);
    void apply_rules(const std::string& method, call_fate& fate);

    mutable std::mutex mutex_;
    std::mt19937_64 random_;
    std::map<std::string, std::uint64_t> calls_;
    std::vector<fault_rule> rules_;
    std::vector<rate_limit> limits_;
    delays_by_method delays_;
    delays_by_method answer_delays_;
    std::map<std::string, bucket> buckets_;
};

} // namespace hallpass::sandbox
