#include "simulation/scenario.hpp"

#include <algorithm>

namespace hallpass::simulation {

using namespace std::chrono_literals;

namespace {

constexpr auto quiet_end = 4h + 30min; // what is refused is tried again after an hour

template <class F>
void times(std::uint64_t count, F action) {
    for (std::uint64_t i = 0; i < count; ++i) {
        action();
    }
}

} // namespace

scenario::scenario(std::uint64_t seed, bool prints) : seed_(seed), time_(seed) {
    time_.prints = prints;
    chance& draw = time_.draw;
    const bool all_is_well = draw.below(20) == 0;
    wrong_ = all_is_well ? faults::none() : faults::drawn_from(draw);
    troubled_ = draw.below(4) == 0 ? draw.between(1h, 3h) : draw.between(30s, 10min);
    world_.routing.role_to_recipients["*"] = {"#c1"};
    world_.routing.role_to_recipients["many"] = {"#c1", "#c2", "@u1"};
    world_.traits = all_services[draw.below(std::size(all_services))];
    service_.traits = world_.traits;
    time_.tell("* the service is as " + std::string(world_.traits.name));
    if (world_.traits.recipients == recipients_from::operators) {
        world_.requesters["alice"] = "alice-dm";
    }
    world_.remembers_recipients = draw.below(2) != 0;
    world_.on_uncertain =
        draw.below(3) == 0 ? workflow::uncertain_policy::skip : workflow::uncertain_policy::resend;
    if (draw.below(4) == 0) {
        auth_.data_outlives = draw.below(2) == 0 ? 0ms : draw.between(0ms, 1min);
    }
    const std::uint64_t count = 1 + draw.below(5);
    for (std::uint64_t i = 0; i < count; ++i) {
        // Differences of at most five seconds between any two.
        const auto skew = draw.between(0ms, 5s) - 2500ms;
        instances_.push_back(std::make_unique<instance>(world_, "i" + std::to_string(i + 1), skew));
    }
    plan_requests();
    if (!all_is_well) {
        plan_outages();
        plan_crashes();
    }
}

verdict scenario::run() {
    for (const auto& one : instances_) {
        one->start();
    }
    time_.clock.run_until([] { return false; }, troubled_);
    end_of_faults();
    time_.clock.run_until([] { return false; }, quiet_end);
    return judge();
}

void scenario::plan_requests() {
    const std::uint64_t count = 1 + time_.draw.below(6);
    for (std::uint64_t i = 0; i < count; ++i) {
        requests_.push_back("r" + std::to_string(i + 1));
        plan_request(requests_.back());
    }
}

void scenario::plan_request(const std::string& id) {
    chance& draw = time_.draw;
    const auto born = draw.between(0ms, troubled_);
    const bool of_many = draw.below(2) == 0;
    time_.clock.after(born, [this, id, of_many] {
        access::access_request request;
        request.id = id;
        request.user = "alice";
        request.roles = {of_many ? "many" : "editor"};
        request.state = access::request_state::pending;
        request.created = time_.clock.now();
        auth_.create(std::move(request));
    });
    // Most is over while things go wrong, some of it comes later.
    const auto later = [&] {
        return born +
               draw.between(
                   0ms, draw.below(4) == 0 ? troubled_ : std::min<std::chrono::milliseconds>(troubled_, 1min)
               );
    };
    const auto latest = troubled_ + 30min;
    times(draw.below(4), [&] {
        const std::string author = "reviewer" + std::to_string(draw.below(100));
        time_.clock.after(std::min<std::chrono::milliseconds>(later(), latest), [this, id, author] {
            auth_.review(id, author, access::request_state::approved);
        });
    });
    constexpr access::request_state ends[] = {
        access::request_state::approved, access::request_state::denied, access::request_state::promoted};
    if (draw.below(3) != 0) {
        const auto end = ends[draw.below(std::size(ends))];
        time_.clock.after(std::min<std::chrono::milliseconds>(later(), latest), [this, id, end] {
            auth_.resolve(id, end);
        });
    }
    if (draw.below(3) == 0) {
        time_.clock.after(std::min<std::chrono::milliseconds>(later(), latest), [this, id] {
            auth_.remove(id);
        });
    }
}

void scenario::plan_outages() {
    chance& draw = time_.draw;
    const auto outage = [&](auto set, std::chrono::milliseconds longest, const char* what) {
        const auto begin = draw.between(0ms, troubled_);
        const auto length = draw.between(1s, longest);
        time_.clock.after(begin, [this, set, what] {
            time_.tell("* " + std::string(what) + " goes down");
            set(true);
        });
        time_.clock.after(std::min<std::chrono::milliseconds>(begin + length, troubled_), [this, set, what] {
            time_.tell("* " + std::string(what) + " is back");
            set(false);
        });
    };
    if (draw.below(4) == 0) {
        outage([this](bool down) { wrong_.service_is_down = down; }, 3h, "the service");
    }
    if (draw.below(4) == 0) {
        const auto set = [this](bool down) {
            wrong_.auth_is_down = down;
            if (down) {
                for (const auto& one : instances_) {
                    one->cut_stream();
                }
            }
        };
        outage(set, 10min, "auth");
    }
    if (draw.below(6) == 0) {
        const std::string address = draw.below(2) == 0 ? "c1" : "c2";
        once_refused_.insert(address);
        outage(
            [this, address](bool down) {
                if (down) {
                    wrong_.refused_addresses.insert(address);
                } else {
                    wrong_.refused_addresses.erase(address);
                }
            },
            1h, "a channel"
        );
    }
    times(draw.below(4), [&] {
        const std::size_t which = draw.below(instances_.size());
        time_.clock.after(draw.between(0ms, troubled_), [this, which] { instances_[which]->cut_stream(); });
    });
}

void scenario::plan_crashes() {
    chance& draw = time_.draw;
    times(draw.below(6), [&] {
        const std::size_t which = draw.below(instances_.size());
        time_.clock.after(draw.between(0ms, troubled_), [this, which] {
            if (time_.draw.below(4) == 0) {
                instances_[which]->stop(10s);
            } else {
                instances_[which]->crash();
            }
        });
    });
    // Whoever isn't running is started again: soon, late, or only when all is over.
    for (std::size_t which = 0; which < instances_.size(); ++which) {
        const auto period = which > 0 && draw.below(4) == 0 ? troubled_ : draw.between(100ms, 20s);
        const auto look = std::make_shared<std::function<void()>>();
        *look = [this, which, period, weak = std::weak_ptr(look)] {
            if (!instances_[which]->running()) {
                ++crashes_;
                instances_[which]->start();
            }
            if (const auto again = weak.lock(); again && period < troubled_) {
                time_.clock.after(period, [again] { (*again)(); });
            }
        };
        time_.clock.after(period, [look] { (*look)(); });
    }
}

void scenario::end_of_faults() {
    time_.tell("* all is well from now on");
    wrong_.end();
    for (const auto& one : instances_) {
        if (!one->running()) {
            one->start();
        }
    }
}

} // namespace hallpass::simulation
