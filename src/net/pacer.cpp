#include "net/pacer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hallpass::net {

using namespace std::chrono_literals;

namespace {

constexpr pacer::duration quiet = 60s; // so long without a limit: full speed again
constexpr pacer::duration window_pause =
    10s; // so long without a call: what was counted says nothing any more
constexpr pacer::duration shortest_step = 1ms; // an interval below it is full speed
constexpr pacer::duration first_hold = 1s;     // a limit without a time, doubled each time
constexpr pacer::duration longest_hold = 30s;
constexpr pacer::duration shortest_hold = 50ms; // "Retry-After: 0" must not make us spin
constexpr pacer::duration timer_lateness = 5ms; // may be made up for
constexpr std::size_t no_window = std::numeric_limits<std::size_t>::max();
constexpr std::size_t smallest_sweep = 256;

} // namespace

struct pacer::key_state {
    // Limits.
    time_point ready_at{};          // no call before
    duration interval{};            // between calls; 0 is full speed
    std::size_t window = no_window; // calls under way at a time
    time_point held_at{};           // the last limit
    time_point patience_at{};       // the last limit, or notice that nothing is left
    time_point sped_up_at{};
    int limits_in_a_row = 0;

    // What the next limit's interval is learnt from.
    time_point counted_since{};
    std::int64_t successes = 0;

    std::size_t under_way = 0;
    std::size_t users = 0; // passages
    std::size_t ahead = 0; // while looking through the queue
    std::size_t waiting = 0;
    time_point used_at{};

    bool is_paced() const noexcept { return interval > duration::zero(); }

    bool is_limited() const noexcept { return is_paced() || window != no_window; }

    bool is_ready(time_point now) const noexcept { return ready_at <= now && under_way < window; }

    void run_free() noexcept {
        interval = {};
        window = no_window;
        limits_in_a_row = 0;
    }

    duration own_hold() const noexcept {
        return std::min<duration>(longest_hold, first_hold * (1LL << std::min(limits_in_a_row, 5)));
    }

    void slow_down(duration hold, time_point now) noexcept {
        const duration counted = now - counted_since + hold;
        const duration learnt = counted / std::max<std::int64_t>(1, successes);
        interval = std::clamp<duration>(std::max<duration>(learnt, interval * 3 / 2), shortest_step, hold);
        window = 1;
        held_at = now;
        sped_up_at = now + hold;
        counted_since = now + hold;
        successes = 0;
        ++limits_in_a_row;
    }

    // After an answer without a limit: one more at a time, and a fifth faster every second or eight calls.
    void speed_up(time_point now) noexcept {
        ++window;
        limits_in_a_row = 0;
        if (now - sped_up_at >= std::max<duration>(1s, interval * 8)) {
            interval = interval * 4 / 5;
            sped_up_at = now;
        }
        if (interval < shortest_step || now - held_at > quiet) {
            run_free();
        }
    }
};

pacer::pacer() = default;
pacer::~pacer() = default;

pacer::passage::passage(
    pacer& owner, const std::vector<std::string>& keys, time_point deadline, time_point now
)
    : owner_(owner), age_(owner.next_age_++), deadline_(deadline) {
    owner.forget_idle(now);
    keys_.reserve(keys.size());
    for (const std::string& key : keys) {
        std::unique_ptr<key_state>& state = owner.keys_[key];
        if (!state) {
            state = std::make_unique<key_state>();
        }
        ++state->users;
        keys_.push_back(state.get());
    }
}

pacer::passage::~passage() {
    owner_.end(*this);
    if (owner_.waiting_.erase(age_) > 0) {
        for (key_state* key : keys_) {
            --key->waiting;
        }
    }
    for (key_state* key : keys_) {
        --key->users;
    }
}

void pacer::ask(passage& call, time_point now) {
    end(call);
    // Nobody overtakes those who wait for the pace of the same key.
    const bool oldest = waiting_.empty() || call.age_ < waiting_.begin()->first;
    bool behind = false;
    for (key_state* key : call.keys_) {
        key->ahead = oldest ? 0 : key->waiting;
        behind = behind || (key->ahead > 0 && key->is_limited());
    }
    judge(call, now);
    if (call.verdict_ == pace_verdict::go && !behind) {
        start(call, now);
        return;
    }
    if (call.verdict_ == pace_verdict::too_late) {
        return;
    }
    call.verdict_ = pace_verdict::wait;
    waiting_.emplace(call.age_, &call);
    for (key_state* key : call.keys_) {
        ++key->waiting;
    }
    look_again_at(std::max(now, call.ready_at()));
}

bool pacer::confirm(passage& call, time_point now) {
    const bool held = std::any_of(call.keys_.begin(), call.keys_.end(), [&](const key_state* key) {
        return key->patience_at > call.started_;
    });
    if (!held) {
        call.started_ = now;
    }
    return !held;
}

void pacer::succeeded(passage& call, time_point now) {
    for (key_state* key : call.keys_) {
        ++key->successes;
        if (key->is_paced() && call.started_ >= key->held_at) {
            key->speed_up(now);
        }
    }
    end(call);
}

void pacer::failed(passage& call) {
    end(call);
}

void pacer::limited(passage& call, std::optional<duration> retry_after, time_point now) {
    if (!call.keys_.empty()) {
        key_state& key = *call.keys_.back();
        const duration hold = std::clamp<duration>(retry_after.value_or(key.own_hold()), shortest_hold, 1h);
        // Calls that left before the last limit belong to it: they tell nothing new about the pace.
        if (call.started_ >= key.held_at) {
            key.slow_down(hold, now);
        }
        key.patience_at = now;
        key.ready_at = std::max(key.ready_at, now + hold);
    }
    end(call);
}

void pacer::exhausted(passage& call, duration for_long, time_point now) {
    if (!call.keys_.empty()) {
        key_state& key = *call.keys_.back();
        key.patience_at = now;
        key.ready_at = std::max(key.ready_at, now + for_long);
    }
}

std::vector<pacer::passage*> pacer::look(time_point now) {
    for (const auto& [age, call] : waiting_) {
        for (key_state* key : call->keys_) {
            key->ahead = 0;
        }
    }
    next_look_.reset();
    std::vector<passage*> changed;
    for (auto at = waiting_.begin(); at != waiting_.end();) {
        passage& call = *at->second;
        judge(call, now);
        if (call.verdict_ == pace_verdict::wait) {
            for (key_state* key : call.keys_) {
                ++key->ahead;
            }
            // What waits only for calls under way is looked at when one ends.
            if (call.ready_at() > now) {
                look_again_at(call.ready_at());
            }
            ++at;
            continue;
        }
        for (key_state* key : call.keys_) {
            --key->waiting;
        }
        at = waiting_.erase(at);
        if (call.verdict_ == pace_verdict::go) {
            start(call, now);
        }
        changed.push_back(&call);
    }
    return changed;
}

std::size_t pacer::known_keys() const noexcept {
    return keys_.size();
}

pacer::time_point pacer::passage::ready_at() const noexcept {
    time_point at{};
    for (const key_state* key : keys_) {
        at = std::max(at, key->ready_at);
    }
    return at;
}

// go, wait or too_late, by the state of its keys and how many stand before it.
void pacer::judge(passage& call, time_point now) {
    time_point earliest = now;
    bool ready = true;
    for (const key_state* key : call.keys_) {
        ready = ready && key->is_ready(now);
        earliest = std::max(
            earliest, std::max(now, key->ready_at) + key->interval * static_cast<std::int64_t>(key->ahead)
        );
    }
    call.needed_ = earliest - now;
    if (ready) {
        call.verdict_ = pace_verdict::go;
    } else {
        call.verdict_ = earliest > call.deadline_ ? pace_verdict::too_late : pace_verdict::wait;
    }
}

void pacer::start(passage& call, time_point now) {
    for (key_state* key : call.keys_) {
        if (key->is_paced() && now - key->held_at > quiet) {
            key->run_free();
        }
        if (key->under_way == 0 && now - key->used_at > window_pause) {
            key->counted_since = now;
            key->successes = 0;
        }
        key->used_at = now;
        ++key->under_way;
        if (key->is_paced()) {
            key->ready_at = std::max(key->ready_at, now - timer_lateness) + key->interval;
        }
    }
    call.under_way_ = true;
    call.started_ = now;
}

void pacer::end(passage& call) noexcept {
    if (call.under_way_) {
        call.under_way_ = false;
        for (key_state* key : call.keys_) {
            --key->under_way;
        }
    }
}

void pacer::look_again_at(time_point at) {
    next_look_ = std::min(at, next_look_.value_or(at));
}

void pacer::forget_idle(time_point now) {
    if (keys_.size() < sweep_at_) {
        return;
    }
    std::erase_if(keys_, [&](const auto& entry) {
        const key_state& key = *entry.second;
        const duration kept = key.is_paced() ? quiet : window_pause;
        return key.users == 0 && key.ready_at <= now && now - key.used_at > kept;
    });
    sweep_at_ = std::max(smallest_sweep, 2 * keys_.size());
}

} // namespace hallpass::net
