// decisions: looking for moves, where there are no webhooks, or in case one was lost.
#include "base/text.hpp"
#include "services/jira/decisions.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::services::jira {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::minutes;

namespace {

constexpr std::chrono::hours first_window{24}; // moved while nobody looked
constexpr minutes margin{10};                  // for the search's index, and for clocks
constexpr milliseconds longest_wait{std::chrono::minutes(5)};

} // namespace

awaitable<void> decisions::look_from_time_to_time() {
    const std::unique_ptr<ports::alarm> pause = time_.make_alarm();
    milliseconds wait = config_.poll_interval;
    std::string warned;
    bool passed = true;
    while (passed) {
        const result<void> looked = co_await look_for_moves();
        if (looked.has_value()) {
            wait = config_.poll_interval;
            warned.clear();
        } else {
            const fault& why = looked.error();
            wait = std::max(std::min(wait * 2, longest_wait), config_.poll_interval);
            wait = std::max(wait, why.retry_after().value_or(milliseconds(0)));
            if (why.kind() != fault_kind::cancelled && why.text() != warned) {
                warned = why.text();
                out_.warning("jira_moves_not_read", {{"reason", warned}});
            }
        }
        passed = co_await pause->wait(wait);
    }
}

awaitable<result<void>> decisions::look_for_moves() {
    const instant now = time_.now();
    const instant since = looked_at_.value_or(now - first_window);
    const auto window = std::chrono::ceil<minutes>(now - since) + margin;
    const result<std::vector<changed_issue>> changed = co_await issues_.changed_within(window);
    if (changed.has_error()) {
        co_return changed.error();
    }
    std::map<std::string, std::string> found;
    for (const changed_issue& one : *changed) {
        const std::string face = one.id + ' ' + lower_case(one.status_name) + ' ' + one.updated;
        if (!verdict_of(config_.statuses, one.status_name) || done_.contains(face)) {
            continue;
        }
        found.emplace(one.id, face);
        // Where there are webhooks, the first look leaves it to them.
        const auto before = found_.find(one.id);
        const bool again = before != found_.end() && before->second == face;
        const bool due = config_.webhook_secret.empty() || again;
        if (due && !running_.contains(one.id) && running_.size() < most_running) {
            const std::shared_ptr<run> mine = begin(one.id);
            mine->polled = true;
            desk_.spawn("jira decision", work_on_found(mine, one.id, face));
        }
    }
    // What isn't done with must be found again.
    if (found.empty()) {
        looked_at_ = now;
    }
    found_ = std::move(found);
    std::erase_if(done_, [&](const auto& one) { return one.second < now - first_window - margin; });
    co_return result<void>();
}

awaitable<void> decisions::work_on_found(std::shared_ptr<run> mine, std::string id, std::string face) {
    co_await work(mine, std::move(id));
    if (mine->ended == step::done) {
        done_.insert_or_assign(face, time_.now());
    }
}

} // namespace hallpass::services::jira
