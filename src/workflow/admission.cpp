#include "workflow/admission.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::workflow {

using namespace std::chrono_literals;

namespace {

constexpr unsigned failures_to_open = 5;
constexpr std::chrono::milliseconds shortest_open = 500ms;
constexpr std::chrono::milliseconds longest_open = 30s;
constexpr std::chrono::milliseconds shortest_hold = 50ms; // "Retry-After: 0" must not make us spin
constexpr std::chrono::milliseconds quiet = 60s;          // so long without a limit: full speed again

} // namespace

admission::admission(ports::clock& time, ports::log& out, std::string service, jitter chance)
    : time_(time), out_(out), service_(std::move(service)), chance_(chance) {}

admission::pass::pass(pass&& other) noexcept
    : from_(std::exchange(other.from_, nullptr)), to_(std::move(other.to_)), probe_(other.probe_) {}

admission::pass& admission::pass::operator=(pass&& other) noexcept {
    std::swap(from_, other.from_);
    std::swap(to_, other.to_);
    std::swap(probe_, other.probe_);
    return *this;
}

admission::pass::~pass() {
    end(false, nullptr);
}

void admission::pass::succeeded() {
    end(true, nullptr);
}

void admission::pass::failed(const fault& why) {
    end(false, &why);
}

void admission::pass::end(bool success, const fault* why) noexcept {
    if (admission* from = std::exchange(from_, nullptr)) {
        from->end(to_, probe_, success, why);
    }
}

std::optional<admission::pass>
admission::enter(const access::address& to, const request_age& who, ports::alarm& waiting) {
    line& at = lines_[to.id];
    if (at.is_limited() && time_.now() - at.limited_at > quiet) {
        at.window = no_window;
    }
    if (!may_enter(at, who)) {
        at.waiting[who] = &waiting;
        return std::nullopt;
    }
    at.waiting.erase(who);
    ++at.under_way;
    const bool probe = is_open();
    probing_ = probing_ || probe;
    if (!probe && at.under_way < at.window) {
        wake_next(at);
    }
    return pass(*this, to, probe);
}

void admission::leave(const access::address& to, const request_age& who) {
    const auto at = lines_.find(to.id);
    if (at == lines_.end() || at->second.waiting.erase(who) == 0) {
        return;
    }
    // It may have been the one whose turn it was.
    if (is_open()) {
        wake_oldest();
    } else {
        wake_next(at->second);
    }
    forget_idle(at);
}

std::optional<instant> admission::ask_again(const access::address& to, const request_age& who) const {
    const auto at = lines_.find(to.id);
    if (at == lines_.end() || !at->second.waiting.contains(who)) {
        return std::nullopt;
    }
    if (is_open()) {
        return probing_ || !is_oldest(who) ? std::nullopt
                                           : std::optional(std::max(*open_until_, at->second.not_before));
    }
    const bool first = at->second.waiting.begin()->first == who;
    return first && at->second.under_way < at->second.window ? std::optional(at->second.not_before)
                                                             : std::nullopt;
}

std::size_t admission::waiting() const noexcept {
    std::size_t count = 0;
    for (const auto& [to, at] : lines_) {
        count += at.waiting.size();
    }
    return count;
}

bool admission::may_enter(const line& at, const request_age& who) const {
    const instant now = time_.now();
    if (at.not_before > now || at.under_way >= at.window) {
        return false;
    }
    if (is_open()) {
        return !probing_ && *open_until_ <= now && is_oldest(who);
    }
    // Nobody overtakes where the service keeps us slow.
    return !at.is_limited() || at.waiting.empty() || who <= at.waiting.begin()->first;
}

bool admission::is_oldest(const request_age& who) const {
    return std::all_of(lines_.begin(), lines_.end(), [&](const auto& entry) {
        return entry.second.waiting.empty() || who <= entry.second.waiting.begin()->first;
    });
}

void admission::end(const access::address& to, bool probe, bool success, const fault* why) {
    const auto found = lines_.find(to.id);
    line& at = found->second;
    --at.under_way;
    if (probe) {
        probing_ = false;
    }
    learn(at, success, why);
    if (!is_open()) {
        wake_next(at);
    } else if (probe) {
        wake_oldest();
    }
    forget_idle(found);
}

// A refusal and a limit are answers: the service is there.
void admission::learn(line& at, bool success, const fault* why) {
    if (!success && (why == nullptr || why->kind() == fault_kind::cancelled)) {
        return;
    }
    const bool limited = why != nullptr && why->kind() == fault_kind::rate_limited;
    if (why != nullptr && !limited && !is_refusal(why->kind())) {
        ++failures_in_a_row_;
        if (is_open() || failures_in_a_row_ >= failures_to_open) {
            open(*why);
        }
        return;
    }
    failures_in_a_row_ = 0;
    if (limited) {
        shrink(at, *why);
    } else if (success) {
        grow(at);
    }
    if (is_open()) {
        close();
    }
}

// One more at a time after each round without a limit.
void admission::grow(line& at) {
    if (at.is_limited() && ++at.successes >= at.window) {
        at.successes = 0;
        ++at.window;
    }
}

void admission::shrink(line& at, const fault& why) {
    const instant now = time_.now();
    const auto hold = std::max(why.retry_after().value_or(1s), shortest_hold);
    // Lanes that were under way together are told together: once is enough.
    if (at.not_before <= now) {
        at.window = std::max<std::size_t>(1, std::min(at.window, at.under_way + 1) / 2);
        at.successes = 0;
    }
    at.limited_at = now;
    at.not_before = std::max(at.not_before, now + hold);
}

void admission::open(const fault& why) {
    const bool is_news = !is_open();
    const instant now = time_.now();
    if (!is_news && *open_until_ > now) {
        return; // one that was under way when it opened
    }
    open_for_ = chance_.next(is_news ? 0ms : open_for_, shortest_open, longest_open);
    open_until_ = now + open_for_;
    why_open_ = why.text();
    if (is_news) {
        opened_at_ = now;
        out_.warning("service_down", {{"service", service_}, {"error", why_open_}});
        wake_oldest();
    }
}

void admission::close() {
    open_until_.reset();
    failures_in_a_row_ = 0;
    const auto lasted = std::chrono::duration_cast<std::chrono::seconds>(time_.now() - opened_at_);
    out_.info(
        "service_back", {{"service", service_},
                         {"after_s", std::to_string(lasted.count())},
                         {"waiting", std::to_string(waiting())}}
    );
    why_open_.clear();
    for (const auto& [to, at] : lines_) {
        if (at.is_limited()) {
            wake_next(at);
            continue;
        }
        for (const auto& [who, waiting] : at.waiting) {
            waiting->wake();
        }
    }
}

void admission::wake_next(const line& at) {
    if (!at.waiting.empty()) {
        at.waiting.begin()->second->wake();
    }
}

void admission::wake_oldest() {
    const line* oldest = nullptr;
    for (const auto& [to, at] : lines_) {
        if (!at.waiting.empty() &&
            (oldest == nullptr || at.waiting.begin()->first < oldest->waiting.begin()->first)) {
            oldest = &at;
        }
    }
    if (oldest != nullptr) {
        wake_next(*oldest);
    }
}

void admission::forget_idle(lines::iterator at) {
    const line& idle = at->second;
    const bool remembers = idle.is_limited() && time_.now() - idle.limited_at <= quiet;
    if (idle.under_way == 0 && idle.waiting.empty() && !remembers) {
        lines_.erase(at);
    }
}

} // namespace hallpass::workflow
