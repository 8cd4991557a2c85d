// The decisions that were asked for lately: what comes again is answered as before, and decides nothing new.
#pragma once

#include "base/time.hpp"
#include "ports/clock.hpp"
#include "services/msteams/activity.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::msteams {

// One decision, and the callbacks that wait for it.
struct action_run {
    std::string what;                 // all that it asks for: another activity of its id is a forgery
    std::optional<std::string> words; // for the person, once it has ended
    bool told_to_wait = false;        // a callback was answered without them
    std::vector<ports::alarm*> waiting;
};

class remembered_actions {
public:
    // At most `capacity` are remembered, each for longer than a token of Microsoft's lives.
    explicit remembered_actions(std::size_t capacity = 10'000) : capacity_(capacity) {}

    struct taken {
        std::shared_ptr<action_run> run; // null: refused
        bool first = false;
    };

    taken take(const card_action& asked, instant now);

private:
    void forget_old(instant now);

    std::size_t capacity_;
    std::map<std::string, std::shared_ptr<action_run>> runs_; // by the activity's id
    std::list<std::pair<instant, std::string>> in_order_;
};

} // namespace hallpass::services::msteams
