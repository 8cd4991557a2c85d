#include "app/daemon.hpp"

#include "app/assembly.hpp"
#include "ops/service_manager.hpp"
#include "workflow/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <malloc.h>
#include <sys/prctl.h>
#include <utility>

namespace hallpass::app {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto grace = 10s; // for calls under way, once we are asked to stop

void say(const char* level, const std::string& text) {
    std::fprintf(stderr, "hallpass: %s: %s\n", level, text.c_str());
}

class daemon {
public:
    explicit daemon(assembly& whole)
        : whole_(&whole),
          signals_(whole.context, SIGINT, SIGTERM),
          patience_(whole.context),
          events_([this](const access::cluster& cluster) { watching(cluster); }),
          tasks_(whole.context.get_executor(), *whole.log) {
        for (carried_service& carried : whole.services) {
            events_.add(*carried.dispatcher);
        }
    }

    int run() {
        whole_->log->info("starting", {{"version", HALLPASS_VERSION}});
        wait_for_signal();
        tasks_.spawn("watch", watch());
        for (carried_service& carried : whole_->services) {
            tasks_.spawn("check", check(*carried.service));
        }
        whole_->context.run();
        return status_;
    }

private:
    asio::awaitable<void> watch() {
        result<void> ended = co_await whole_->teleport->run(events_);
        if (!ended && ended.error().kind() != fault_kind::cancelled) {
            fail(ended.error().text());
        }
        stop();
    }

    // A refused credential is the operator's to mend; anything else may pass.
    asio::awaitable<void> check(ports::service& service) {
        const std::string name(service.name());
        result<std::string> checked = co_await service.check();
        if (checked) {
            whole_->log->info("service_ready", {{"service", name}, {"as", *checked}});
        } else if (checked.error().kind() == fault_kind::unauthorised) {
            whole_->log->error("service_refused_us", {{"service", name}, {"error", checked.error().text()}});
            if (++refused_ == whole_->services.size()) {
                fail(name + ": " + checked.error().text());
                stop();
            }
        } else if (checked.error().kind() != fault_kind::cancelled) {
            whole_->log->warning("service_not_ready", {{"service", name}, {"error", checked.error().text()}});
        }
    }

    void watching(const access::cluster& cluster) {
        ops::notify_ready();
        ops::notify_status("watching Access Requests of " + cluster.name);
        whole_->log->info("watching", {{"cluster", cluster.name}});
    }

    void wait_for_signal() {
        signals_.async_wait([this](const boost::system::error_code& error, int number) {
            if (error) {
                return;
            }
            if (stopping_ && number == SIGINT) {
                std::_Exit(128 + SIGINT); // asked twice: at once
            }
            if (!stopping_) {
                whole_->log->info("stopping", {{"signal", number == SIGINT ? "SIGINT" : "SIGTERM"}});
                stop();
            }
            wait_for_signal();
        });
    }

    void stop() {
        if (std::exchange(stopping_, true)) {
            return;
        }
        ops::notify_stopping();
        tasks_.spawn("shutdown", shut_down());
    }

    // First what is owed to people, then the connections that it needs.
    asio::awaitable<void> shut_down() {
        for (carried_service& carried : whole_->services) {
            carried.dispatcher->stop();
        }
        patience_.expires_after(grace);
        patience_.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                whole_->log->warning("stopping_late", {{"aborted_after_s", std::to_string(grace.count())}});
                for (carried_service& carried : whole_->services) {
                    carried.dispatcher->abort();
                }
            }
        });
        for (carried_service& carried : whole_->services) {
            co_await carried.dispatcher->join();
        }
        patience_.cancel();
        co_await whole_->close();
        signals_.cancel();
        whole_->log->info("stopped");
    }

    void fail(const std::string& why) {
        status_ = exit_failed;
        whole_->log->error("giving_up", {{"error", why}});
    }

    assembly* whole_;
    asio::signal_set signals_;
    asio::steady_timer patience_;
    event_fan events_;
    workflow::task_group tasks_;
    std::size_t refused_ = 0;
    bool stopping_ = false;
    int status_ = exit_ok;
};

// Makes it, or says on standard error why not.
std::unique_ptr<assembly> assemble_or_say(const std::string& config_path, bool debug) {
    assembled made = assemble(config_path, debug);
    for (const std::string& warning : made.warnings) {
        say("warning", warning);
    }
    for (const std::string& error : made.errors) {
        say("error", error);
    }
    return std::move(made.whole);
}

class checker {
public:
    explicit checker(assembly& whole) : whole_(&whole) {}

    int run() {
        asio::co_spawn(whole_->context, check_all(), [](std::exception_ptr thrown) {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
        });
        whole_->context.run();
        return all_well_ ? exit_ok : exit_failed;
    }

private:
    asio::awaitable<void> check_all() {
        result<std::string> cluster = co_await whole_->teleport->probe();
        report("teleport", cluster);
        for (carried_service& carried : whole_->services) {
            result<std::string> service = co_await carried.service->check();
            report(std::string(carried.service->name()), service);
            if (service) {
                co_await check_recipients(carried);
            }
        }
        co_await whole_->close();
    }

    asio::awaitable<void> check_recipients(const carried_service& carried) {
        for (const auto& [role, recipients] : carried.routing.role_to_recipients) {
            for (const std::string& recipient : recipients) {
                result<access::address> found = co_await carried.service->resolve(recipient);
                const std::string what =
                    std::string(carried.service->name()) + ".role_to_recipients." + role + " " + recipient;
                if (found) {
                    report(what, result<std::string>(found->id));
                } else {
                    report(what, result<std::string>(found.error()));
                }
            }
        }
    }

    void report(const std::string& what, const result<std::string>& outcome) {
        if (outcome) {
            std::printf("ok    %s: %s\n", what.c_str(), outcome->c_str());
        } else {
            all_well_ = false;
            std::printf("FAIL  %s: %s\n", what.c_str(), outcome.error().text().c_str());
        }
    }

    assembly* whole_;
    bool all_well_ = true;
};

} // namespace

int run_daemon(const std::string& config_path, bool debug) {
    // Neither a core dump nor another process of the same user gets to see tokens and keys.
    prctl(PR_SET_DUMPABLE, 0);
    // One thread does the work: more arenas than this, for gRPC's few threads would only keep more memory
    // that is free.
    mallopt(M_ARENA_MAX, 2);
    const std::unique_ptr<assembly> whole = assemble_or_say(config_path, debug);
    if (!whole) {
        return exit_failed;
    }
    daemon running(*whole);
    return running.run();
}

int run_check(const std::string& config_path) {
    const std::unique_ptr<assembly> whole = assemble_or_say(config_path, false);
    if (!whole) {
        return exit_failed;
    }
    checker checking(*whole);
    return checking.run();
}

} // namespace hallpass::app
