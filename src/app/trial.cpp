#include "app/trial.hpp"

#include "app/service_check.hpp"

namespace hallpass::app {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto longest = 30s;

} // namespace

trial::trial(assembly& candidate)
    : candidate_(&candidate),
      tries_(candidate.owner->context.get_executor(), candidate.owner->log),
      limits_(candidate.owner->context.get_executor(), candidate.owner->log),
      limit_(candidate.owner->clock.make_alarm()),
      services_(candidate.services.size()) {}

asio::awaitable<std::vector<std::string>> trial::run() {
    tries_.spawn("probe", probe());
    for (std::size_t i = 0; i < services_.size(); ++i) {
        tries_.spawn("check", check(i));
    }
    limits_.spawn("limit", limit());
    co_await tries_.join();
    limit_->wake();
    co_await limits_.join();
    const std::string silent = "no answer within " + std::to_string(longest.count()) + " s";
    std::vector<std::string> against;
    if (!cluster_ || !*cluster_) {
        against.push_back("teleport: " + (cluster_ ? cluster_->error().text() : silent));
    }
    for (std::size_t i = 0; i < services_.size(); ++i) {
        const std::string name(candidate_->services[i].service->name());
        const result<std::string> checked =
            services_[i] ? *services_[i] : result<std::string>(fault(fault_kind::transient, silent));
        log_check(candidate_->owner->log, name, checked);
        if (health_of(checked) == service_health::refused) {
            against.push_back(name + ": " + checked.error().text());
        }
    }
    co_return against;
}

void trial::cancel() {
    tries_.cancel();
}

asio::awaitable<void> trial::probe() {
    cluster_ = co_await candidate_->teleport->probe();
}

asio::awaitable<void> trial::check(std::size_t index) {
    services_[index] = co_await candidate_->services[index].service->check();
}

asio::awaitable<void> trial::limit() {
    const bool late = co_await limit_->wait(longest);
    if (late) {
        tries_.cancel();
    }
}

} // namespace hallpass::app
