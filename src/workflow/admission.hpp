// Which lanes may start now: the circuit breaker of a service, and, where the service wants us slower, how
// many lanes to one address may be under way. Whoever must wait does so in order of age, at no cost but its
// place.
#pragma once

#include "access/message.hpp"
#include "base/fault.hpp"
#include "base/jitter.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "workflow/gate.hpp"

#include <chrono>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace hallpass::workflow {

// On the io_context thread. Outlives its passes and whoever waits in it.
class admission {
public:
    admission(ports::clock& time, ports::log& out, std::string service, jitter chance);

    // A lane's right to be under way. It ends by one of the three, or as if nothing was learnt.
    class pass {
    public:
        pass(admission& from, access::address to, bool probe)
            : from_(&from), to_(std::move(to)), probe_(probe) {}

        pass(pass&& other) noexcept;
        pass& operator=(pass&& other) noexcept;
        ~pass();

        void succeeded();
        void failed(const fault& why);

    private:
        void end(bool success, const fault* why) noexcept;

        admission* from_;
        access::address to_;
        bool probe_; // it finds out whether the breaker may close
    };

    // A pass where a lane to this address may start now. Otherwise the request waits for its turn, and
    // `waiting`, which stays until leave(), is woken when it has come.
    std::optional<pass> enter(const access::address& to, const request_age& who, ports::alarm& waiting);

    // The request no longer wants to send there. It may never have.
    void leave(const access::address& to, const request_age& who);

    // When the one who waits there must ask again although nobody wakes it.
    std::optional<instant> ask_again(const access::address& to, const request_age& who) const;

    // The breaker is open: since when nothing has come through, until when nothing is tried, and why.
    bool is_open() const noexcept { return open_until_.has_value(); }

    std::optional<instant> open_until() const noexcept { return open_until_; }

    const std::string& why_open() const noexcept { return why_open_; }

    std::size_t waiting() const noexcept;

private:
    static constexpr std::size_t no_window = std::numeric_limits<std::size_t>::max();

    struct line {
        std::size_t under_way = 0;
        std::size_t window = no_window;
        std::size_t successes = 0; // since the window last grew
        instant not_before;        // the service asked for so much patience
        instant limited_at;        // the last time it did
        std::map<request_age, ports::alarm*> waiting;

        bool is_limited() const noexcept { return window != no_window; }
    };

    using lines = std::unordered_map<std::string, line>;

    bool may_enter(const line& at, const request_age& who) const;
    bool is_oldest(const request_age& who) const;
    void end(const access::address& to, bool probe, bool success, const fault* why);
    void learn(line& at, bool success, const fault* why);
    void grow(line& at);
    void shrink(line& at, const fault& why);
    void open(const fault& why);
    void close();
    void wake_next(const line& at);
    void wake_oldest();
    void forget_idle(lines::iterator at);

    ports::clock& time_;
    ports::log& out_;
    std::string service_;
    jitter chance_;
    lines lines_;
    std::optional<instant> open_until_;
    std::string why_open_;
    instant opened_at_;
    std::chrono::milliseconds open_for_{0};
    unsigned failures_in_a_row_ = 0;
    bool probing_ = false;
};

} // namespace hallpass::workflow
