#include "net/pacer.hpp"

#include "net/pace.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hallpass::net {

using namespace std::chrono_literals;

namespace {

constexpr pacer::duration quiet = 60s;          // so long without anybody waiting: full speed again
constexpr pacer::duration idle_while = 10s;     // where nothing was learnt, a key is forgotten after it
constexpr pacer::duration shortest_hold = 50ms; // "Retry-After: 0" must not make us spin
constexpr pacer::duration longest_hold = 1h;
constexpr pacer::duration timer_lateness = 5ms; // may be made up for
constexpr pacer::duration shortest_doubt = 2s;
constexpr std::size_t smallest_sweep = 256;

} // namespace

struct pacer::key_state {
    pace speed;
    time_point ready_at{};    // no call before
    time_point held_at{};     // the last refusal that the pace was told of
    time_point refused_at{};  // the last refusal
    time_point patience_at{}; // the last refusal, or notice that nothing is left
    time_point pressed_at{};  // somebody waited for the pace
    bool awaited = false;     // somebody waits for ready_at

    std::size_t under_way = 0;
    std::size_t users = 0; // passages
    std::size_t ahead = 0; // while looking through the queue
    std::size_t waiting = 0;
    time_point used_at{};
    time_point accepted_at{}; // when the last call that wasn't refused began

    // The last refusals of narrower keys for which those had given no reason.
    struct doubt {
        const key_state* narrower = nullptr; // compared only: it may be gone
        time_point at{};
    };

    std::array<doubt, 3> doubts{};

    bool is_limited() const noexcept {
        return speed.spacing() > duration::zero() || speed.window() != pace::no_window;
    }

    bool is_ready(time_point now) const noexcept { return ready_at <= now && under_way < speed.window(); }

    // Nobody has waited for what was learnt in a while: it says nothing any more.
    bool is_stale(time_point now) const noexcept {
        return now - pressed_at > std::max<duration>(quiet, 2 * speed.spacing());
    }

    bool is_forgettable(time_point now) const noexcept {
        const bool idle = now - std::max(used_at, ready_at) > std::max(idle_while, speed.spacing());
        return users == 0 && idle && (!speed.is_learnt() || is_stale(now));
    }

    // Its only call in a while: if that is refused, then hardly for this key's sake.
    bool is_alone(const passage& call, duration hold) const noexcept {
        return under_way == 1 && call.started_ - accepted_at > 2 * std::max<duration>(1s, hold);
    }

    void refused(duration hold, time_point now) noexcept {
        speed.refused(hold, now);
        held_at = now;
        pressed_at = now + hold;
    }

    void hold_until(time_point at, time_point now) noexcept {
        patience_at = now;
        ready_at = std::max(ready_at, at);
    }

    // True where doubts from more than one narrower key have come within the span: the limit is this key's.
    bool is_doubted(const key_state& narrower, duration span, time_point now) noexcept {
        std::rotate(doubts.begin(), doubts.begin() + 1, doubts.end());
        doubts.back() = {&narrower, now};
        const bool fresh = std::all_of(doubts.begin(), doubts.end(), [&](const doubt& one) {
            return one.narrower && now - one.at <= span;
        });
        const bool several = std::any_of(doubts.begin(), doubts.end(), [&](const doubt& one) {
            return one.narrower != &narrower;
        });
        if (fresh && several) {
            doubts = {};
        }
        return fresh && several;
    }
};

pacer::pacer() = default;
pacer::~pacer() = default;

pacer::passage::passage(
    pacer& owner, const std::vector<ports::pace_key>& keys, time_point deadline, time_point now
)
    : owner_(owner), age_(owner.next_age_++), deadline_(deadline) {
    owner.forget_idle(now);
    keys_.reserve(keys.size());
    for (const ports::pace_key& key : keys) {
        std::unique_ptr<key_state>& state = owner.keys_[key.name];
        if (!state) {
            state = std::make_unique<key_state>();
        }
        ++state->users;
        state->speed.keep_to(std::chrono::duration_cast<duration>(key.least_interval));
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
        key->accepted_at = std::max(key->accepted_at, call.started_);
        key->speed.answered(call.started_ >= key->held_at, now);
    }
    end(call);
}

void pacer::failed(passage& call) {
    end(call);
}

void pacer::limited(passage& call, std::optional<duration> retry_after, time_point now) {
    if (call.keys_.empty()) {
        end(call);
        return;
    }
    key_state& key = *call.keys_.back();
    key_state* const wider = call.keys_.size() > 1 ? call.keys_[call.keys_.size() - 2] : nullptr;
    const duration own = std::max(key.speed.own_hold(), wider ? wider->speed.own_hold() : duration::zero());
    const duration hold = std::clamp<duration>(retry_after.value_or(own), shortest_hold, longest_hold);
    const bool alone = wider && key.is_alone(call, hold);
    if (wider && (alone || key.speed.is_settled())) {
        doubt(*wider, call, hold, now);
    }
    // Calls that left before the last refusal belong to it: they tell nothing new about the pace. Nor does a
    // call that was alone, until it is refused again.
    const bool first = alone && !key.speed.is_learnt() && now - key.refused_at > idle_while;
    if (call.started_ >= key.held_at && !first) {
        key.refused(hold, now);
    }
    key.refused_at = now;
    key.hold_until(now + hold, now);
    end(call);
}

// A call was refused for which its last key gave no reason: is it the limit of the wider one?
void pacer::doubt(key_state& wider, const passage& call, duration hold, time_point now) {
    if (call.started_ < wider.held_at) {
        return;
    }
    const key_state& narrower = *call.keys_.back();
    const duration spacing = std::max(narrower.speed.spacing(), wider.speed.spacing());
    const duration span = std::max<duration>({shortest_doubt, 2 * hold, 8 * spacing});
    if (wider.is_doubted(narrower, span, now)) {
        wider.refused(hold, now);
        wider.hold_until(now + hold, now);
    }
}

void pacer::exhausted(passage& call, duration for_long, time_point now) {
    if (!call.keys_.empty()) {
        call.keys_.back()->hold_until(now + for_long, now);
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
    for (key_state* key : call.keys_) {
        const bool key_ready = key->is_ready(now);
        if (!key_ready) {
            key->pressed_at = std::max(key->pressed_at, now);
        }
        key->awaited = key->awaited || key->ready_at > now;
        ready = ready && key_ready;
        const duration before = key->speed.spacing() * static_cast<std::int64_t>(key->ahead);
        earliest = std::max(earliest, std::max(now, key->ready_at) + before);
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
        if (key->speed.is_learnt() && key->is_stale(now)) {
            key->speed.forget();
        }
        const duration spacing = key->speed.spacing();
        if (spacing > duration::zero()) {
            key->ready_at = (key->awaited ? std::max(key->ready_at, now - timer_lateness) : now) + spacing;
        }
        key->awaited = false;
        key->used_at = now;
        ++key->under_way;
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
    std::erase_if(keys_, [&](const auto& entry) { return entry.second->is_forgettable(now); });
    sweep_at_ = std::max(smallest_sweep, 2 * keys_.size());
}

} // namespace hallpass::net
