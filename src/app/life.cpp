#include "app/life.hpp"

#include "app/start_up.hpp"
#include "base/text.hpp"
#include "ops/service_manager.hpp"
#include "ops/status_json.hpp"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <unistd.h>
#include <utility>

namespace hallpass::app {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto until_news = std::chrono::milliseconds(1h);

std::string name_of_signal(int number) {
    return number == SIGINT ? "SIGINT" : number == SIGHUP ? "SIGHUP" : "SIGTERM";
}

} // namespace

life::life(process& owner, const ops::instance_slot& slot, configuration_source source)
    : owner_(&owner),
      slot_(&slot),
      source_(std::move(source)),
      signals_(owner.context, SIGINT, SIGTERM, SIGHUP),
      tasks_(owner.context.get_executor(), owner.log),
      news_(owner.clock.make_alarm()),
      pages_(owner),
      callbacks_(owner),
      started_(owner.clock.now()),
      configuration_read_(started_),
      status_(exit_ok) {}

int life::run(std::unique_ptr<assembly> first) {
    owner_->log.info("starting", {{"version", HALLPASS_VERSION}, {"instance", slot_->id()}});
    current_ = make_carrier(std::move(first));
    open_pages();
    wait_for_signal();
    tasks_.spawn("life", live());
    owner_->context.run();
    return status_;
}

asio::awaitable<void> life::live() {
    open_callbacks();
    if (!stopping_) {
        current_->start();
        current_->check_services();
    }
    while (!stopping_) {
        if (std::exchange(reload_wanted_, false)) {
            co_await reload();
        } else {
            co_await news_->wait(until_news);
        }
    }
    ops::notify_stopping();
    callbacks_.stop_listening();
    co_await current_->stop();
    co_await callbacks_.close();
    co_await pages_.close();
    signals_.cancel();
    owner_->log.info("stopped");
}

std::unique_ptr<carrier> life::make_carrier(std::unique_ptr<assembly> parts) {
    carrier_events events;
    events.watching = [this](const access::cluster& cluster) { watching(cluster); };
    events.failed = [this](const std::string& why) { fail(why); };
    events.ended = [this] { stop(); };
    return std::make_unique<carrier>(std::move(parts), slot_->id(), std::move(events));
}

void life::watching(const access::cluster& cluster) {
    ready_ = true;
    if (!reloading_) {
        ops::notify_ready();
    }
    ops::notify_status("watching Access Requests of " + cluster.name);
    owner_->log.info("watching", {{"cluster", cluster.name}});
}

void life::wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int number) {
        if (!error) {
            take_signal(number);
            wait_for_signal();
        }
    });
}

void life::take_signal(int number) {
    if (stopping_ && number == SIGINT) {
        std::_Exit(128 + SIGINT); // asked twice: at once
    }
    if (stopping_) {
        return;
    }
    if (number == SIGHUP) {
        reload_wanted_ = true;
        news_->wake();
        return;
    }
    owner_->log.info("stopping", {{"signal", name_of_signal(number)}});
    stop();
}

void life::stop() {
    stopping_ = true;
    if (trying_ != nullptr) {
        trying_->cancel();
    }
    news_->wake();
}

void life::fail(const std::string& why) {
    status_ = exit_failed;
    owner_->log.error("giving_up", {{"error", why}});
    stop();
}

asio::awaitable<void> life::reload() {
    owner_->log.info("reloading", {{"config", source_.path}});
    reloading_ = true;
    if (ready_) {
        ops::notify_reloading();
    }
    assembled made = assemble_again();
    for (const std::string& warning : made.warnings) {
        owner_->log.warning("configuration_warning", {{"text", warning}});
    }
    std::vector<std::string> against = std::move(made.errors);
    if (made.whole) {
        against = co_await judge(*made.whole);
    }
    if (made.whole && against.empty()) {
        const result<void> open = callbacks_.prepare(made.whole->callbacks, made.whole->routes());
        if (!open) {
            against.push_back(open.error().text());
        }
    }
    if (stopping_ || !against.empty()) {
        callbacks_.abandon();
        if (made.whole) {
            co_await made.whole->close();
        }
    } else {
        co_await replace_by(std::move(made.whole));
    }
    if (!stopping_ && !against.empty()) {
        refuse(against);
    }
    reloading_ = false;
    if (ready_ && !stopping_) {
        ops::notify_ready();
    }
}

// What would end a start must not end what runs.
assembled life::assemble_again() {
    try {
        return assemble(*owner_, source_.path, source_.debug);
    } catch (const std::exception& thrown) {
        assembled nothing;
        nothing.errors.push_back(one_line(thrown.what()));
        return nothing;
    }
}

asio::awaitable<std::vector<std::string>> life::judge(assembly& candidate) {
    trial attempt(candidate);
    trying_ = &attempt;
    std::vector<std::string> against = co_await attempt.run();
    trying_ = nullptr;
    co_return against;
}

// The old one hands over what it has in hand; both name the same instance in claims.
asio::awaitable<void> life::replace_by(std::unique_ptr<assembly> next) {
    if (next->state_dir != current_->parts().state_dir) {
        owner_->log.warning(
            "configuration_warning", {{"text", "state_dir takes effect at the next start, not by a reload"}}
        );
    }
    std::unique_ptr<carrier> fresh = make_carrier(std::move(next));
    co_await current_->stop();
    if (stopping_) {
        callbacks_.abandon();
        co_await fresh->stop();
        co_return;
    }
    owner_->log.forward_to(fresh->parts().log);
    callbacks_.commit();
    current_ = std::move(fresh);
    configuration_read_ = owner_->clock.now();
    reload_refused_.clear();
    owner_->log.info("reloaded", {{"config", source_.path}});
    current_->start();
}

void life::refuse(const std::vector<std::string>& errors) {
    for (const std::string& error : errors) {
        owner_->log.error("reload_refused", {{"error", error}});
    }
    reload_refused_ = joined(errors, "; ");
    owner_->log.info("configuration_kept");
}

// Without it everything but `hallpass status` works.
void life::open_pages() {
    pages_.add("/status", [this] {
        return net::server_response(200, ops::to_json(status()), "application/json");
    });
    const std::string& path = slot_->socket_path();
    if (path.empty()) {
        return;
    }
    // Left by a process that was killed: whoever holds the slot is the only one to use the name.
    ::unlink(path.c_str());
    const result<void> listening = pages_.listen("unix:" + path);
    if (!listening) {
        owner_->log.warning("status_not_served", {{"error", listening.error().text()}});
    }
}

void life::open_callbacks() {
    const assembly& parts = current_->parts();
    const result<void> open = callbacks_.prepare(parts.callbacks, parts.routes());
    if (open) {
        callbacks_.commit();
    } else {
        fail(open.error().text());
    }
}

ops::instance_status life::status() const {
    ops::instance_status now;
    now.version = HALLPASS_VERSION;
    now.instance = slot_->id();
    now.pid = ::getpid();
    now.as_of = owner_->clock.now();
    now.started = started_;
    now.configuration_read = configuration_read_;
    now.reload_refused = reload_refused_;
    teleport::link_status link = current_->link();
    now.connected = link.connected;
    now.connected_since = link.since;
    now.address = std::move(link.address);
    now.cluster = std::move(link.cluster);
    now.why_not_connected = std::move(link.why);
    now.services = current_->services();
    return now;
}

} // namespace hallpass::app
