// How fast calls may go, by what the third party counts them under: full speed until it says otherwise, then
// in order and at the pace that it allows; never faster than a key's own floor. Pure: time is passed in,
// waiting is the caller's.
#pragma once

#include "ports/http_client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace hallpass::net {

enum class pace_verdict { go, wait, too_late };

class pacer {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    struct key_state;

    // One call's way through all its keys. In the queue while it waits; its place is its age.
    class passage {
    public:
        passage(pacer& owner, const std::vector<ports::pace_key>& keys, time_point deadline, time_point now);
        passage(const passage&) = delete;
        passage& operator=(const passage&) = delete;
        ~passage();

        pace_verdict verdict() const noexcept { return verdict_; }

        // Where it is too_late: how long it would have had to wait.
        duration needed() const noexcept { return needed_; }

    private:
        friend class pacer;

        time_point ready_at() const noexcept;

        pacer& owner_;
        std::vector<key_state*> keys_;
        std::uint64_t age_;
        time_point deadline_;
        time_point started_{};
        duration needed_{};
        pace_verdict verdict_ = pace_verdict::wait;
        bool under_way_ = false;
    };

    pacer();
    ~pacer();
    pacer(const pacer&) = delete;
    pacer& operator=(const pacer&) = delete;

    // Asks for a turn, at first or again. Sets the verdict.
    void ask(passage& call, time_point now);

    // Just before the request is written: false where the third party has asked for patience since the turn
    // was given. Then ask again.
    bool confirm(passage& call, time_point now);

    // How it went. Limits concern the last key; where several last keys are limited that have hardly been
    // used, or that keep to a proven pace, the one before it.
    void succeeded(passage& call, time_point now);
    void failed(passage& call); // no word about the rate
    void limited(passage& call, std::optional<duration> retry_after, time_point now);
    void exhausted(passage& call, duration for_long, time_point now);

    // Those of the waiting whose verdict has changed, and when to look again.
    std::vector<passage*> look(time_point now);

    std::optional<time_point> next_look() const noexcept { return next_look_; }

    std::size_t known_keys() const noexcept;

private:
    void start(passage& call, time_point now);
    void end(passage& call) noexcept;
    void judge(passage& call, time_point now);
    void doubt(key_state& wider, const passage& call, duration hold, time_point now);
    void look_again_at(time_point at);
    void forget_idle(time_point now);

    std::unordered_map<std::string, std::unique_ptr<key_state>> keys_;
    std::map<std::uint64_t, passage*> waiting_; // by age
    std::optional<time_point> next_look_;
    std::uint64_t next_age_ = 0;
    std::size_t sweep_at_ = 256;
};

} // namespace hallpass::net
