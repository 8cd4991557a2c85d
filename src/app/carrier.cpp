#include "app/carrier.hpp"

#include "app/people_file.hpp"
#include "app/service_check.hpp"

#include <utility>

namespace hallpass::app {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// The workflow cuts its calls after 8 s and records what became of them. What is left then gets no answer.
constexpr auto grace = 9s;

} // namespace

carrier::carrier(std::unique_ptr<assembly> parts, const std::string& instance, carrier_events events)
    : parts_(std::move(parts)),
      tell_(std::move(events)),
      events_([this](const access::cluster& cluster) {
          for (carried_service& carried : parts_->services) {
              carried.decisions->watching(cluster);
          }
          tell_.watching(cluster);
      }),
      tasks_(parts_->owner->context.get_executor(), parts_->owner->log),
      checks_(parts_->owner->context.get_executor(), parts_->owner->log),
      patience_(parts_->owner->clock.make_alarm()) {
    parts_->make_dispatchers(instance);
    for (carried_service& carried : parts_->services) {
        carried.decisions->on_counted([this](const std::string& request_id) { look_again(request_id); });
        events_.add(*carried.dispatcher);
        if (carried.on_call) {
            events_.add(*carried.on_call);
        }
    }
}

// The messages of all services show the approvals so far.
void carrier::look_again(const std::string& request_id) {
    for (carried_service& carried : parts_->services) {
        carried.dispatcher->look_again(request_id);
    }
}

void carrier::start() {
    tasks_.spawn("watch", watch());
    for (carried_service& carried : parts_->services) {
        follow_people(carried);
    }
}

void carrier::follow_people(carried_service& carried) {
    if (carried.people.file.empty()) {
        return;
    }
    std::string name(carried.service->name());
    access::people& listed = carried.review->identities.users[name];
    process& owner = *parts_->owner;
    checks_.spawn(
        "people file", follow_people_file(owner.clock, owner.log, std::move(name), carried.people, listed)
    );
}

asio::awaitable<void> carrier::watch() {
    const result<void> ended = co_await parts_->teleport->run(events_);
    if (stopped_) {
        co_return;
    }
    if (!ended && ended.error().kind() != fault_kind::cancelled) {
        tell_.failed(ended.error().text());
    }
    tell_.ended();
}

void carrier::check_services() {
    for (carried_service& carried : parts_->services) {
        checks_.spawn("check", check(*carried.service));
    }
}

asio::awaitable<void> carrier::check(ports::service& service) {
    const std::string name(service.name());
    const result<std::string> checked = co_await service.check();
    log_check(parts_->owner->log, name, checked);
    if (health_of(checked) == service_health::refused && ++refused_ == parts_->services.size()) {
        tell_.failed(name + ": " + checked.error().text());
    }
}

// First what is owed to people, then the connections that it needs.
asio::awaitable<void> carrier::stop() {
    if (std::exchange(stopped_, true)) {
        co_return;
    }
    checks_.cancel();
    for (carried_service& carried : parts_->services) {
        carried.dispatcher->stop();
        if (carried.on_call) {
            carried.on_call->stop();
        }
    }
    tasks_.spawn("hurry", hurry());
    for (carried_service& carried : parts_->services) {
        co_await carried.dispatcher->join();
        if (carried.on_call) {
            co_await carried.on_call->join();
        }
    }
    co_await checks_.join();
    for (carried_service& carried : parts_->services) {
        carried.decisions->stop();
    }
    for (carried_service& carried : parts_->services) {
        co_await carried.decisions->join();
    }
    patience_->wake();
    co_await parts_->teleport->close();
    co_await tasks_.join();
    co_await parts_->close();
}

asio::awaitable<void> carrier::hurry() {
    const bool late = co_await patience_->wait(grace);
    if (!late) {
        co_return;
    }
    parts_->owner->log.warning("stopping_late", {{"aborted_after_s", std::to_string(grace.count())}});
    for (carried_service& carried : parts_->services) {
        carried.dispatcher->abort();
        carried.decisions->abort();
    }
}

std::vector<ports::service_status> carrier::services() const {
    std::vector<ports::service_status> all;
    for (const carried_service& carried : parts_->services) {
        all.push_back(carried.dispatcher->status());
    }
    return all;
}

teleport::link_status carrier::link() const {
    return parts_->teleport->status();
}

} // namespace hallpass::app
