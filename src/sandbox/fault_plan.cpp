#include "sandbox/fault_plan.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hallpass::sandbox {

namespace {

bool concerns(const std::string& pattern, const std::string& method) {
    return pattern == "*" || pattern == method;
}

std::chrono::milliseconds delay_of(const delays_by_method& delays, const std::string& method) {
    for (const std::string& key : {method, std::string("*")}) {
        if (const auto found = delays.find(key); found != delays.end()) {
            return found->second;
        }
    }
    return std::chrono::milliseconds(0);
}

void put_delay(delays_by_method& delays, const std::string& method, std::chrono::milliseconds delay) {
    if (delay.count() > 0) {
        delays[method] = delay;
    } else {
        delays.erase(method);
    }
}

} // namespace

std::string_view to_string(fault_effect effect) noexcept {
    switch (effect) {
    case fault_effect::refuse:
        return "refuse";
    case fault_effect::lose_answer:
        return "lose";
    case fault_effect::garbage:
        return "garbage";
    }
    return "refuse";
}

fault_plan::fault_plan(std::uint64_t seed) : random_(seed) {}

call_fate fault_plan::begin(const std::string& method, const std::string& channel, steady_time now) {
    const std::lock_guard lock(mutex_);
    ++calls_[method];
    call_fate fate;
    fate.delay = delay_of(delays_, method);
    fate.answer_delay = delay_of(answer_delays_, method);
    fate.retry_after = over_limit(method, channel, now);
    if (!fate.retry_after) {
        apply_rules(method, fate);
    }
    return fate;
}

std::optional<std::chrono::seconds>
fault_plan::over_limit(const std::string& method, const std::string& channel, steady_time now) {
    for (const rate_limit& limit : limits_) {
        if (!concerns(limit.method, method) || (limit.per_channel && channel.empty())) {
            continue;
        }
        const std::string key = limit.method + (limit.per_channel ? " " + channel : std::string());
        const double burst = std::max(1.0, limit.per_second);
        const auto [found, fresh] = buckets_.try_emplace(key, bucket{burst, now});
        bucket& budget = found->second;
        const double passed = std::chrono::duration<double>(now - budget.filled).count();
        budget.tokens = std::min(burst, budget.tokens + passed * limit.per_second);
        budget.filled = now;
        if (budget.tokens < 1) {
            const double wait = std::ceil((1 - budget.tokens) / limit.per_second);
            return std::chrono::seconds(std::max(1L, std::lround(wait)));
        }
        budget.tokens -= 1;
    }
    return std::nullopt;
}

void fault_plan::apply_rules(const std::string& method, call_fate& fate) {
    for (fault_rule& rule : rules_) {
        if (!concerns(rule.method, method) || rule.next == 0U) {
            continue;
        }
        if (rule.percent < 100 && std::uniform_real_distribution(0.0, 100.0)(random_) >= rule.percent) {
            continue;
        }
        if (rule.next) {
            --*rule.next;
        }
        switch (rule.effect) {
        case fault_effect::refuse:
            fate.refused = rule;
            break;
        case fault_effect::lose_answer:
            fate.lose_answer = true;
            break;
        case fault_effect::garbage:
            fate.garbage = true;
            break;
        }
        break;
    }
    std::erase_if(rules_, [](const fault_rule& rule) { return rule.next == 0U; });
}

void fault_plan::add(fault_rule rule) {
    const std::lock_guard lock(mutex_);
    rules_.push_back(std::move(rule));
}

void fault_plan::set_delay(const std::string& method, std::chrono::milliseconds delay) {
    const std::lock_guard lock(mutex_);
    put_delay(delays_, method, delay);
}

void fault_plan::set_answer_delay(const std::string& method, std::chrono::milliseconds delay) {
    const std::lock_guard lock(mutex_);
    put_delay(answer_delays_, method, delay);
}

void fault_plan::set_rate_limit(rate_limit limit) {
    const std::lock_guard lock(mutex_);
    std::erase_if(limits_, [&](const rate_limit& known) {
        return known.method == limit.method && known.per_channel == limit.per_channel;
    });
    buckets_.clear();
    if (limit.per_second > 0) {
        limits_.push_back(std::move(limit));
    }
}

void fault_plan::reseed(std::uint64_t seed) {
    const std::lock_guard lock(mutex_);
    random_.seed(seed);
}

void fault_plan::clear() {
    const std::lock_guard lock(mutex_);
    rules_.clear();
    limits_.clear();
    delays_.clear();
    answer_delays_.clear();
    buckets_.clear();
}

void fault_plan::forget_calls() {
    const std::lock_guard lock(mutex_);
    calls_.clear();
}

std::map<std::string, std::uint64_t> fault_plan::calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
}

fault_summary fault_plan::summary() const {
    const std::lock_guard lock(mutex_);
    return {rules_, limits_, delays_, answer_delays_};
}

} // namespace hallpass::sandbox
