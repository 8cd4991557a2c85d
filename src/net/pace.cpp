#include "net/pace.hpp"

#include <algorithm>

namespace hallpass::net {

using namespace std::chrono_literals;

namespace {

constexpr pace::duration shortest_step = 1ms; // an interval below it is full speed
constexpr pace::duration shortest_trial = 1s;
constexpr pace::duration shortest_memory = 2s;
constexpr pace::duration pause = 60s;     // between tries to go faster than what was refused
constexpr pace::duration first_hold = 1s; // a refusal without a time, doubled each time
constexpr pace::duration longest_hold = 30s;
constexpr std::int64_t few_answers = 4;

} // namespace

void tally::count(time_point now, duration span) noexcept {
    if (now - current_since_ > 2 * span) {
        restart(now);
    } else if (now - current_since_ > span) {
        earlier_ = current_;
        earlier_since_ = current_since_;
        current_ = 0;
        current_since_ = now;
    }
    ++current_;
}

void tally::restart(time_point at) noexcept {
    earlier_ = 0;
    current_ = 0;
    current_since_ = at;
}

tally::duration tally::lasted(time_point until) const noexcept {
    return until - (earlier_ > 0 ? earlier_since_ : current_since_);
}

pace::duration pace::own_hold() const noexcept {
    return std::min<duration>(longest_hold, first_hold * (1LL << std::min(refused_in_a_row_, 5)));
}

// Where nothing is known to be too fast, a pace that was guessed too slow should not last.
std::int64_t pace::trial_answers() const noexcept {
    return too_fast_ == duration::zero() ? 4 : 8;
}

// Long enough to tell whether an interval holds: longer than the third party has last asked to wait, because
// that is the time over which it counts.
pace::duration pace::trial() const noexcept {
    return std::max<duration>({shortest_trial, interval_ * trial_answers(), asked_ * 3 / 2});
}

void pace::answered(bool fresh, time_point now) noexcept {
    if (restart_at_) {
        answers_.restart(*restart_at_);
        restart_at_.reset();
    }
    answers_.count(now, std::max<duration>(shortest_memory, 2 * trial()));
    if (!fresh || !is_learnt()) {
        return;
    }
    ++window_;
    refused_in_a_row_ = 0;
    ++step_answers_;
    if (now - step_since_ < trial()) {
        return;
    }
    // Where less was asked for than the pace allows, nothing is known about the pace.
    const bool used =
        step_answers_ >= trial_answers() && interval_ * step_answers_ * 4 >= (now - step_since_) * 3;
    if (used) {
        try_faster(now);
    }
    begin_step(now);
}

void pace::try_faster(time_point now) noexcept {
    if (interval_ <= too_fast_) {
        too_fast_ = {}; // no longer
    }
    good_ = interval_;
    proven_ = true;
    if (too_fast_ == duration::zero()) {
        interval_ = good_ / 2;
        asked_ /= 2;
    } else if (too_fast_ < good_ * 7 / 8) {
        interval_ = (good_ + too_fast_) / 2;
    } else if (now - refused_at_ > std::max<duration>(pause, 20 * asked_)) {
        interval_ = good_ * 7 / 8;
    }
    if (interval_ < shortest_step || interval_ <= least_) {
        forget();
    }
}

void pace::refused(duration hold, time_point now) noexcept {
    asked_ = std::max(asked_, hold);
    slow_down(hold, now);
    window_ = 1;
    ++refused_in_a_row_;
    refused_at_ = now;
    begin_step(now + hold);
    restart_at_ = now + hold;
}

void pace::slow_down(duration hold, time_point now) noexcept {
    const duration learnt = std::clamp<duration>(allowed(hold, now), shortest_step, 2 * asked_);
    const duration slower = interval_ * 9 / 8;
    if (!is_learnt()) {
        interval_ = std::max(learnt, least_ * 9 / 8);
        too_fast_ = {};
        proven_ = false;
    } else if (refused_in_a_row_ > 0) {
        interval_ = std::max(learnt, interval_);
        proven_ = false;
    } else if (interval_ < good_ && learnt < 2 * good_) {
        too_fast_ = interval_;
        interval_ = good_;
    } else {
        too_fast_ = interval_;
        interval_ = is_settled() ? slower : std::max(learnt, slower);
        proven_ = false;
    }
    good_ = interval_;
}

// The interval that the answers so far speak for, if the hold was needed.
pace::duration pace::allowed(duration hold, time_point now) const noexcept {
    const std::int64_t total = answers_.total();
    if (total == 0) {
        return hold;
    }
    // The hold is rounded up by those who ask for it: beside few answers half of it is nearer.
    const bool few = is_learnt() && total < few_answers && refused_in_a_row_ == 0;
    return answers_.lasted(now + (few ? hold / 2 : hold)) / total;
}

void pace::begin_step(time_point at) noexcept {
    step_since_ = at;
    step_answers_ = 0;
}

void pace::forget() noexcept {
    interval_ = {};
    good_ = {};
    too_fast_ = {};
    asked_ = {};
    proven_ = false;
    window_ = no_window;
    refused_in_a_row_ = 0;
}

} // namespace hallpass::net
