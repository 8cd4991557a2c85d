#include "pacing_simulation.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <vector>

namespace hallpass::test {

using namespace std::chrono_literals;
using net::pace_verdict;
using net::pacer;

const pacing_time simulation_start = pacing_time{} + 100h;

namespace {

constexpr std::size_t connections = 32;
constexpr pacing_span deadline = 10s;

double seconds_of(pacing_span span) {
    return std::chrono::duration<double>(span).count();
}

pacing_span span_of(double seconds) {
    return std::chrono::duration_cast<pacing_span>(std::chrono::duration<double>(seconds));
}

class simulation {
public:
    simulation(third_party service, const traffic& load) : service_(std::move(service)), load_(load) {}

    figures run() {
        for (int i = 0; i < load_.callers; ++i) {
            begin(i);
        }
        settle();
        const pacing_time end = simulation_start + load_.lasts;
        while (!events_.empty() && events_.top().at < end) {
            event next = events_.top();
            events_.pop();
            now_ = next.at;
            next.what();
            settle();
        }
        seen_.rate = seen_.accepted / std::chrono::duration<double>(load_.lasts - load_.counted_from).count();
        seen_.share = seen_.refused / std::max(1.0, static_cast<double>(seen_.refused + seen_.accepted));
        return seen_;
    }

private:
    struct event {
        pacing_time at;
        std::uint64_t order;
        std::function<void()> what;

        bool operator<(const event& other) const {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    struct call {
        call(pacer& pace, const std::vector<ports::pace_key>& keys, pacing_time now, int caller)
            : passage(pace, keys, now + deadline, now), deadline_at(now + deadline), caller(caller) {}

        pacer::passage passage;
        pacing_time deadline_at;
        int caller;
        bool waits = false;
    };

    using call_ptr = std::shared_ptr<call>;

    void at(pacing_time when, std::function<void()> what) { events_.push({when, order_++, std::move(what)}); }

    std::string channel_of(int caller) const { return "m c" + std::to_string(caller % load_.channels); }

    void begin(int caller) {
        const std::vector<ports::pace_key> keys{{"m", load_.least_interval}, {channel_of(caller)}};
        auto made = std::make_shared<call>(pace_, keys, now_, caller);
        ask(made);
    }

    void ask(const call_ptr& one) {
        pace_.ask(one->passage, now_);
        one->waits = one->passage.verdict() == pace_verdict::wait;
        if (one->waits) {
            waiting_.emplace(&one->passage, one);
            at(one->deadline_at, [this, weak = std::weak_ptr(one)] {
                if (const auto still = weak.lock(); still && still->waits) {
                    waiting_.erase(&still->passage);
                    give_up(still);
                }
            });
            return;
        }
        proceed(one);
    }

    void proceed(const call_ptr& one) {
        one->waits = false;
        if (one->passage.verdict() == pace_verdict::go) {
            ready_.push_back(one);
        } else {
            give_up(one);
        }
    }

    // As the workflow does: once more when its turn may come.
    void give_up(const call_ptr& one) {
        one->waits = false;
        at(now_ + std::max<pacing_span>(one->passage.needed(), 50ms),
           [this, caller = one->caller] { begin(caller); });
    }

    void settle() {
        bool again = true;
        while (again) {
            again = false;
            for (pacer::passage* woken : pace_.look(now_)) {
                const call_ptr one = waiting_.at(woken);
                waiting_.erase(woken);
                proceed(one);
                again = true;
            }
            while (!ready_.empty() && under_way_ < connections) {
                const call_ptr one = ready_.front();
                ready_.pop_front();
                if (pace_.confirm(one->passage, now_)) {
                    write(one);
                } else {
                    ask(one);
                }
                again = true;
            }
        }
        if (const auto next = pace_.next_look();
            next && (!look_at_ || *next < *look_at_ || *look_at_ <= now_)) {
            look_at_ = std::max(*next, now_ + 1us);
            at(*look_at_, [] {});
        }
    }

    void write(const call_ptr& one) {
        ++under_way_;
        if (written_at_) {
            seen_.closest = std::min(seen_.closest, now_ - *written_at_);
        }
        written_at_ = now_;
        at(now_ + way(), [this, one] {
            const auto refusal = service_.call(channel_of(one->caller), now_);
            const bool counts = now_ - simulation_start >= load_.counted_from;
            ++(refusal ? (counts ? seen_.refused : seen_.refused_before)
                       : (counts ? seen_.accepted : seen_.accepted_before));
            at(now_ + way(), [this, one, refusal] { answered(one, refusal); });
        });
    }

    void answered(const call_ptr& one, const std::optional<third_party::refusal>& refusal) {
        --under_way_;
        if (refusal) {
            pace_.limited(one->passage, refusal->retry_after, now_);
            ask(one);
            return;
        }
        pace_.succeeded(one->passage, now_);
        at(now_ + load_.thinks, [this, caller = one->caller] { begin(caller); });
    }

    pacing_span way() { return std::chrono::microseconds(10'000 + chance_() % 30'000); }

    third_party service_;
    traffic load_;
    figures seen_;
    pacing_time now_ = simulation_start;
    pacer pace_;
    std::map<pacer::passage*, call_ptr> waiting_;
    std::deque<call_ptr> ready_;
    std::size_t under_way_ = 0;
    std::optional<pacing_time> written_at_;
    std::optional<pacing_time> look_at_;
    std::priority_queue<event> events_;
    std::uint64_t order_ = 0;
    std::minstd_rand chance_{7};
};

} // namespace

bool bucket::take(pacing_time now) {
    if (rate <= 0) {
        return true;
    }
    const double had = tokens_ ? *tokens_ + rate * seconds_of(now - at_) : size;
    tokens_ = std::min(size, had);
    at_ = now;
    if (*tokens_ < 1) {
        return false;
    }
    *tokens_ -= 1;
    return true;
}

pacing_span bucket::next() const {
    return span_of((1 - tokens_.value_or(1)) / rate);
}

bool period_limit::take(pacing_time now) {
    const auto period = now.time_since_epoch() / length;
    taken_ = period == period_ ? taken_ : 0;
    period_ = period;
    if (most > 0 && taken_ >= most) {
        return false;
    }
    ++taken_;
    return true;
}

pacing_span period_limit::next(pacing_time now) const {
    return length - now.time_since_epoch() % length;
}

std::optional<third_party::refusal> third_party::call(const std::string& channel, pacing_time now) {
    if (lifted_at && now >= *lifted_at) {
        return std::nullopt;
    }
    bucket& own = channels.try_emplace(channel, each).first->second;
    pacing_span wait{};
    if (!own.take(now)) {
        wait = own.next();
    } else if (!whole.take(now)) {
        wait = whole.next();
    } else if (!minute.take(now)) {
        wait = minute.next(now);
    } else {
        return std::nullopt;
    }
    refusal made;
    if (tells_when) {
        made.retry_after = std::chrono::ceil<std::chrono::seconds>(wait);
    }
    return made;
}

std::string figures::text() const {
    return std::to_string(rate) + " a second, refused " + std::to_string(refused) + " of " +
           std::to_string(refused + accepted) + "; before: refused " + std::to_string(refused_before) +
           ", accepted " + std::to_string(accepted_before);
}

figures simulate(third_party service, const traffic& load) {
    simulation made(std::move(service), load);
    return made.run();
}

} // namespace hallpass::test
