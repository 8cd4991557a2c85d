#include "services/slack/directory.hpp"

#include "base/text.hpp"
#include "services/slack/replies.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace hallpass::services::slack {

using boost::asio::awaitable;

namespace {

constexpr std::size_t most_entries = 4096;
constexpr std::chrono::minutes known_for{60};
// Short, so that a person who has just joined is found soon.
constexpr std::chrono::minutes unknown_for{1};
constexpr std::chrono::seconds longest_flight{30};

} // namespace

// One look-up under way, and who waits for it.
struct directory::flight {
    std::optional<answer> answered;
    bool landed = false;
    std::vector<ports::alarm*> waiting;
};

// Ends the flight however the coroutine that flies it ends.
class directory::landing {
public:
    landing(directory& owner, std::string key, std::shared_ptr<flight> flown)
        : owner_(owner), key_(std::move(key)), flown_(std::move(flown)) {}

    landing(const landing&) = delete;
    landing& operator=(const landing&) = delete;

    ~landing() {
        flown_->landed = true;
        owner_.flights_.erase(key_);
        for (ports::alarm* waiter : flown_->waiting) {
            waiter->wake();
        }
    }

private:
    directory& owner_;
    std::string key_;
    std::shared_ptr<flight> flown_;
};

// A waiter's place, given up however its coroutine ends.
class directory::seat {
public:
    seat(std::shared_ptr<flight> in, std::unique_ptr<ports::alarm> bell)
        : in_(std::move(in)), bell_(std::move(bell)) {
        in_->waiting.push_back(bell_.get());
    }

    seat(const seat&) = delete;
    seat& operator=(const seat&) = delete;

    ~seat() { std::erase(in_->waiting, bell_.get()); }

    ports::alarm& bell() noexcept { return *bell_; }

private:
    std::shared_ptr<flight> in_;
    std::unique_ptr<ports::alarm> bell_;
};

directory::directory(api& slack, ports::clock& time) : slack_(slack), time_(time) {}

awaitable<result<std::optional<std::string>>> directory::user_by_email(std::string email) {
    const std::string key = lower_case(email);
    for (;;) {
        if (const entry* known = fresh(key)) {
            co_return known->user;
        }
        const auto running = flights_.find(key);
        if (running == flights_.end()) {
            break;
        }
        const std::shared_ptr<flight> joined = running->second;
        seat mine(joined, time_.make_alarm());
        const bool too_late = co_await mine.bell().wait(longest_flight);
        if (joined->answered) {
            co_return *joined->answered;
        }
        if (!joined->landed) {
            co_return fault(
                too_late ? fault_kind::transient : fault_kind::cancelled,
                "Slack users.lookupByEmail: gave up waiting"
            );
        }
    }
    const auto flown = std::make_shared<flight>();
    flights_.emplace(key, flown);
    const landing end(*this, key, flown);
    const answer found = co_await ask(std::move(email));
    if (found.has_value()) {
        remember(key, *found);
    }
    flown->answered = found;
    co_return found;
}

awaitable<directory::answer> directory::ask(std::string email) {
    query parameters;
    parameters.emplace_back("email", std::move(email));
    const auto reply = co_await slack_.get("users.lookupByEmail", std::move(parameters));
    if (reply.has_error()) {
        const fault failed = reply.error();
        if (failed.kind() == fault_kind::not_found) {
            co_return std::optional<std::string>();
        }
        co_return failed;
    }
    const std::string_view id = text_of(object_of(*reply, "user"), "id");
    if (id.empty()) {
        co_return fault(fault_kind::transient, "Slack users.lookupByEmail: the answer names no user");
    }
    co_return std::optional<std::string>(id);
}

const directory::entry* directory::fresh(const std::string& key) {
    const auto found = known_.find(key);
    if (found == known_.end()) {
        return nullptr;
    }
    if (found->second.until <= time_.now()) {
        known_.erase(found);
        return nullptr;
    }
    return &found->second;
}

void directory::remember(const std::string& key, const std::optional<std::string>& user) {
    make_room();
    known_.insert_or_assign(key, entry{user, time_.now() + (user ? known_for : unknown_for)});
}

void directory::make_room() {
    if (known_.size() < most_entries) {
        return;
    }
    const instant now = time_.now();
    std::erase_if(known_, [now](const auto& one) { return one.second.until <= now; });
    if (known_.size() >= most_entries) {
        known_.erase(std::min_element(known_.begin(), known_.end(), [](const auto& left, const auto& right) {
            return left.second.until < right.second.until;
        }));
    }
}

} // namespace hallpass::services::slack
