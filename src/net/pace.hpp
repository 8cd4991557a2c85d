// The pace that one key's third party allows, found from its answers: full speed until it refuses, then what
// it took, then carefully faster. Pure: time is passed in.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace hallpass::net {

// Answers of late, to tell a rate by.
class tally {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    void count(time_point now, duration span) noexcept; // remembers at least `span`, at most twice as long
    void restart(time_point at) noexcept;

    std::int64_t total() const noexcept { return earlier_ + current_; }

    // From the first that is remembered.
    duration lasted(time_point until) const noexcept;

private:
    time_point earlier_since_{};
    time_point current_since_{};
    std::int64_t earlier_ = 0;
    std::int64_t current_ = 0;
};

class pace {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    static constexpr std::size_t no_window = std::numeric_limits<std::size_t>::max();

    // The operator's own floor: never faster, whatever is learnt.
    void keep_to(duration least) noexcept { least_ = least; }

    // Between calls; 0 is full speed.
    duration spacing() const noexcept { return interval_ > least_ ? interval_ : least_; }

    // Calls under way at a time.
    std::size_t window() const noexcept { return window_; }

    bool is_learnt() const noexcept { return interval_ > duration::zero(); }

    // It has held for a while, and nothing faster is being tried.
    bool is_settled() const noexcept { return is_learnt() && proven_ && interval_ >= good_; }

    // How long to wait where the third party refuses without a time: doubled each time.
    duration own_hold() const noexcept;

    // A call was answered. `fresh`: it began after the last refusal.
    void answered(bool fresh, time_point now) noexcept;
    // A call that began after the last refusal was refused; the next goes after `hold`.
    void refused(duration hold, time_point now) noexcept;
    // What was learnt; not the floor.
    void forget() noexcept;

private:
    std::int64_t trial_answers() const noexcept;
    duration trial() const noexcept;
    duration allowed(duration hold, time_point now) const noexcept;
    void slow_down(duration hold, time_point now) noexcept;
    void try_faster(time_point now) noexcept;
    void begin_step(time_point at) noexcept;

    duration least_{};
    duration interval_{}; // 0: nothing is known, full speed
    duration good_{};     // what is gone back to when something faster is refused
    duration too_fast_{}; // the slowest that was refused while good_ held; 0: not known
    duration asked_{};    // how long the third party wants us to wait: the time scale that it counts by
    bool proven_ = false; // good_ has held for a trial
    std::size_t window_ = no_window;
    int refused_in_a_row_ = 0;
    time_point refused_at_{};

    time_point step_since_{}; // since then with this interval
    std::int64_t step_answers_ = 0;

    tally answers_;
    std::optional<time_point> restart_at_; // the first answer begins a new count, then
};

} // namespace hallpass::net
