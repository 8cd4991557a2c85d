// The one clock of a simulated world, what happened in it, and how calls travel through it.
#pragma once

#include "base/result.hpp"
#include "simulation/chance.hpp"
#include "simulation/virtual_clock.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace hallpass::simulation {

// What becomes of one call.
struct call_fate {
    std::chrono::milliseconds there{1};
    std::chrono::milliseconds back{1};
    std::optional<fault> refused; // instead of doing it
    bool lost_there = false;      // never done, and never answered
    bool lost_back = false;       // done, and never answered
};

// One life of an instance: from its start to its crash or its end.
struct life {
    std::string name;
    bool crashed = false;
};

class timeline {
public:
    explicit timeline(std::uint64_t seed) : draw(seed) {}

    void tell(std::string what);

    // The last things that happened, those that mention `about` or nothing in particular.
    std::string told(const std::string& about) const;

    // Does the work where and when the fate wants it, whether or not the caller is still alive, and gives the
    // caller what comes back: no answer within ten seconds is an uncertain fault.
    template <class T>
    boost::asio::awaitable<result<T>>
    travel(std::shared_ptr<const life> caller, call_fate fate, std::function<result<T>()> work);

    boost::asio::io_context context;
    virtual_clock clock{context};
    chance draw;
    bool prints = false;

private:
    std::deque<std::string> told_;
};

template <class T>
boost::asio::awaitable<result<T>>
timeline::travel(std::shared_ptr<const life> caller, call_fate fate, std::function<result<T>()> work) {
    struct answer {
        std::shared_ptr<ports::alarm> came;
        std::optional<result<T>> what;
        bool there = false;
    };

    if (caller->crashed) {
        co_return fault(fault_kind::cancelled, "crashed");
    }
    const auto slot = std::make_shared<answer>();
    slot->came = clock.make_alarm();
    clock.after(fate.there, [this, slot, fate, work = std::move(work)] {
        if (fate.lost_there) {
            return;
        }
        slot->what = fate.refused ? result<T>(*fate.refused) : work();
        if (!fate.lost_back) {
            clock.after(fate.back, [slot] {
                slot->there = true;
                slot->came->wake();
            });
        }
    });
    const bool late = co_await slot->came->wait(std::chrono::seconds(10));
    if (slot->there && !caller->crashed) {
        co_return std::move(*slot->what);
    }
    fault lost(late ? fault_kind::transient : fault_kind::cancelled, late ? "no answer" : "cut off");
    lost.set_uncertain(true);
    co_return lost;
}

} // namespace hallpass::simulation
