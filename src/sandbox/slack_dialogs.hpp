// The modals of the simulated Slack, and the trigger_ids that open them (api-messaging 1.6).
#pragma once

#include "sandbox/change_signal.hpp"
#include "sandbox/slack_refusal.hpp"
#include "sandbox/slack_types.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::sandbox {

struct slack_view {
    std::string id;
    std::string user;          // who looks at it
    boost::json::object shown; // as Slack gives it back, its id and hash included
    bool closed = false;
};

// Thread-safe.
class slack_dialogs {
public:
    using steady_now = std::function<std::chrono::steady_clock::time_point()>;

    // `changes` outlives it.
    slack_dialogs(change_signal& changes, slack_bot bot, steady_now now = std::chrono::steady_clock::now);

    std::string issue_trigger(const std::string& user);

    // Takes the trigger where the view is in order; a trigger lasts 3 s and opens one view.
    slack_outcome<slack_view> open(const std::string& trigger, boost::json::object view);
    // A hash that is not "" must be the one of the view as it is now.
    slack_outcome<slack_view>
    update(const std::string& id, const std::string& hash, boost::json::object view);
    // One more view on top of another of the same person.
    slack_outcome<slack_view> push(const std::string& user, boost::json::object view);
    void close(const std::string& id);

    std::optional<slack_view> view(const std::string& id) const;
    // What the trigger opened; "" where it has not opened a view.
    std::string opened_by(const std::string& trigger) const;
    std::vector<slack_view> views() const;
    void clear();

private:
    struct trigger {
        std::string user;
        std::chrono::steady_clock::time_point issued;
        std::string view; // that it opened
    };

    slack_view add(const std::string& user, boost::json::object view);
    boost::json::object completed(const std::string& id, boost::json::object view);

    mutable std::mutex mutex_;
    change_signal& changes_;
    slack_bot bot_;
    steady_now now_;
    std::map<std::string, trigger> triggers_;
    std::map<std::string, slack_view> views_;
    unsigned last_hash_ = 0;
};

} // namespace hallpass::sandbox
