#include "app/desk.hpp"

#include "workflow/approval_store.hpp"
#include "workflow/ledger_store.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace hallpass::app {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

workflow::decision_environment environment_of(
    process& owner,
    teleport::teleport_client& cluster,
    const access::review_rules& rules,
    std::function<void(const std::string&)> counted
) {
    return workflow::decision_environment{
        owner.context.get_executor(),
        cluster.gateway(),
        cluster.reviews(),
        owner.clock,
        owner.log,
        rules,
        {},
        std::move(counted)};
}

ports::callback_response try_again() {
    ports::callback_response made;
    made.status = 503;
    made.headers.emplace_back("Retry-After", "5");
    return made;
}

} // namespace

// Kept by the routes as well, which may outlive the desk.
struct desk::door {
    // One callback that is inside.
    struct visit {
        explicit visit(std::shared_ptr<door> through) : at(std::move(through)) { ++at->inside; }

        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;

        ~visit() {
            if (--at->inside == 0 && at->shut) {
                at->empty->wake();
            }
        }

        std::shared_ptr<door> at;
    };

    bool shut = false;
    std::size_t inside = 0;
    std::unique_ptr<ports::alarm> empty;
};

desk::desk(process& owner, teleport::teleport_client& cluster, const access::review_rules& rules)
    : cluster_(cluster),
      rules_(rules),
      door_(std::make_shared<door>()),
      decider_(environment_of(
          owner,
          cluster,
          rules,
          [this](const std::string& request_id) {
              if (counted_) {
                  counted_(request_id);
              }
          }
      )),
      tasks_(owner.context.get_executor(), owner.log),
      listeners_(owner.context.get_executor(), owner.log) {
    door_->empty = owner.clock.make_alarm();
}

desk::~desk() {
    door_->shut = true;
}

asio::awaitable<result<std::optional<ports::shown_request>>> desk::look_up(std::string request_id) {
    result<std::optional<access::access_request>> read =
        co_await cluster_.gateway().read_request(std::move(request_id));
    if (!read) {
        co_return read.error();
    }
    if (!*read) {
        co_return std::optional<ports::shown_request>();
    }
    access::access_request request = std::move(**read);
    access::access_request told = request;
    if (rules_.as == access::review_as::state) {
        workflow::approval_store store(cluster_.gateway(), request.id);
        const result<std::vector<access::approval>> given = co_await store.read();
        if (!given) {
            co_return given.error();
        }
        told = access::with_approvals(rules_.state, std::move(told), *given);
    }
    access::card shown = access::make_card(told, where_, access::audience::approver);
    co_return std::optional(ports::shown_request{std::move(request), std::move(shown)});
}

asio::awaitable<result<bool>>
desk::is_announced_in(std::string service, std::string request_id, std::string conversation) {
    workflow::ledger_store store(cluster_.gateway(), std::move(service), std::move(request_id));
    const result<access::ledger> known = co_await store.read();
    if (!known) {
        co_return known.error();
    }
    const std::vector<access::delivery>& all = known->deliveries;
    co_return std::any_of(all.begin(), all.end(), [&](const access::delivery& one) {
        return !one.message.empty() && one.message.conversation == conversation;
    });
}

asio::awaitable<access::decision_outcome> desk::decide(access::decision asked) {
    return decider_.decide(std::move(asked));
}

void desk::spawn(std::string name, asio::awaitable<void> work) {
    tasks_.spawn(std::move(name), std::move(work));
}

void desk::listen(std::string name, asio::awaitable<void> work) {
    to_listen_.emplace_back(std::move(name), std::move(work));
}

void desk::watching(const access::cluster& to) {
    where_ = to;
    if (door_->shut) {
        return;
    }
    for (auto& [name, work] : std::exchange(to_listen_, {})) {
        listeners_.spawn(std::move(name), std::move(work));
        listening_ = true;
    }
}

void desk::add(std::vector<ports::callback_route> routes) {
    using answer = std::function<asio::awaitable<ports::callback_response>(ports::callback_request)>;
    for (ports::callback_route& route : routes) {
        auto pass = [](std::shared_ptr<door> through, std::shared_ptr<answer> within,
                       ports::callback_request asked) -> asio::awaitable<ports::callback_response> {
            if (through->shut) {
                co_return try_again();
            }
            const door::visit mine(through);
            ports::callback_response given = co_await (*within)(std::move(asked));
            co_return given;
        };
        auto within = std::make_shared<answer>(std::move(route.answer));
        route.answer = [through = door_, within, pass](ports::callback_request asked) {
            return pass(through, within, std::move(asked));
        };
        routes_.push_back(std::move(route));
    }
}

void desk::stop() {
    door_->shut = true;
    listeners_.cancel();
    decider_.stop();
}

void desk::abort() {
    decider_.abort();
    tasks_.cancel();
}

asio::awaitable<void> desk::join() {
    while (door_->inside > 0) {
        co_await door_->empty->wait(1s);
    }
    co_await listeners_.join();
    co_await decider_.join();
    co_await tasks_.join();
}

} // namespace hallpass::app
