// Where a service takes its decisions, and the door between its callbacks and the public listener: it can be
// shut, and everybody who is inside comes out.
#pragma once

#include "access/card.hpp"
#include "app/process.hpp"
#include "ports/callbacks.hpp"
#include "ports/decision_desk.hpp"
#include "teleport/teleport.hpp"
#include "workflow/decider.hpp"
#include "workflow/task_group.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hallpass::app {

// On the io_context thread. Once it has been used, join() must have ended before it dies.
class desk final : public ports::decision_desk {
public:
    // All of them outlive it.
    desk(process& owner, teleport::teleport_client& cluster, const access::review_rules& rules);
    ~desk() override;

    const access::review_rules& rules() const noexcept override { return rules_; }

    boost::asio::awaitable<result<std::optional<ports::shown_request>>> look_up(std::string request_id
    ) override;
    boost::asio::awaitable<result<bool>>
    is_announced_in(std::string service, std::string request_id, std::string conversation) override;
    boost::asio::awaitable<access::decision_outcome> decide(access::decision asked) override;
    void spawn(std::string name, boost::asio::awaitable<void> work) override;
    void listen(std::string name, boost::asio::awaitable<void> work) override;

    // The service's routes, which may be asked for as long as anybody likes: after stop() they answer 503.
    void add(std::vector<ports::callback_route> routes);

    const std::vector<ports::callback_route>& routes() const noexcept { return routes_; }

    // There is a way for decisions to come in.
    bool takes_decisions() const noexcept { return !routes_.empty() || !to_listen_.empty() || listening_; }

    // Then the connections that were asked for begin.
    void watching(const access::cluster& to);

    // Called where an approval was counted that doesn't decide yet.
    void on_counted(std::function<void(const std::string& request_id)> tell) { counted_ = std::move(tell); }

    // No new callback and no new decision begins.
    void stop();
    // Cuts what is under way.
    void abort();
    // Ends when no callback, no decision and no work of theirs is under way.
    boost::asio::awaitable<void> join();

private:
    struct door;

    teleport::teleport_client& cluster_;
    const access::review_rules& rules_;
    access::cluster where_;
    std::shared_ptr<door> door_;
    std::vector<ports::callback_route> routes_;
    std::function<void(const std::string&)> counted_;
    workflow::decider decider_;
    workflow::task_group tasks_;
    workflow::task_group listeners_;
    std::vector<std::pair<std::string, boost::asio::awaitable<void>>> to_listen_;
    bool listening_ = false;
};

} // namespace hallpass::app
