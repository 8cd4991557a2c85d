#include "teleport/connection.hpp"

#include "teleport/opening.hpp"
#include "teleport/session.hpp"
#include "teleport/watch.hpp"

#include <boost/asio/co_spawn.hpp>

#include <array>
#include <random>
#include <utility>
#include <variant>

namespace hallpass::teleport {

namespace {

constexpr std::chrono::seconds list_limit{60};
constexpr std::chrono::milliseconds shortest_delay{20};
constexpr std::chrono::milliseconds longest_delay{5000};

bool is_power_of_two(unsigned number) noexcept {
    return (number & (number - 1)) == 0;
}

fault stopped_by_us() {
    return fault(fault_kind::cancelled, "the connection is being closed");
}

void deliver(watch_event event, ports::access_events& to) {
    if (auto* changed = std::get_if<request_changed>(&event)) {
        to.changed(std::move(changed->request));
    } else if (auto* deleted = std::get_if<request_deleted>(&event)) {
        to.deleted(std::move(deleted->id));
    }
}

// A session that never got as far as being used ends with the scope, even by an exception.
class unused_session {
public:
    explicit unused_session(std::shared_ptr<session> made) : made_(std::move(made)) {}

    ~unused_session() {
        if (made_) {
            made_->end(fault(fault_kind::cancelled, "the connection was given up"));
        }
    }

    unused_session(const unused_session&) = delete;
    unused_session& operator=(const unused_session&) = delete;

    void keep() noexcept { made_.reset(); }

private:
    std::shared_ptr<session> made_;
};

} // namespace

struct connection::outcome {
    explicit outcome(fault reason) : why(std::move(reason)) {}

    fault why;
    bool was_up = false;
    bool renewed = false; // ended by us, to connect with a newer identity
    bool fatal = false;
};

connection::connection(connection_environment environment, connection_options options)
    : with_(environment),
      options_(std::move(options)),
      chance_(std::random_device{}()),
      pause_(environment.time.make_alarm()),
      identity_check_(environment.context),
      next_listing_(environment.context) {
    status_.since = with_.time.now();
    status_.address = options_.peer;
}

connection::~connection() {
    stop();
}

boost::asio::awaitable<result<void>> connection::run(ports::access_events& events) {
    const in_flight::token running(with_.running);
    while (!stopping_) {
        const outcome ended = co_await serve(events);
        if (stopping_) {
            break;
        }
        with_.sessions.set_reason(ended.why);
        if (ended.was_up) {
            last_delay_ = std::chrono::milliseconds(0);
        }
        if (ended.renewed) {
            with_.out.info("identity_renewed", {{"user", identity_->user}});
            continue;
        }
        is_down(ended.why);
        if (ended.fatal || options_.fail_fast) {
            co_return ended.why;
        }
        last_delay_ = chance_.next(last_delay_, shortest_delay, longest_delay);
        tell(ended, last_delay_);
        co_await pause_->wait(last_delay_);
    }
    co_return result<void>();
}

boost::asio::awaitable<result<std::shared_ptr<session>>> connection::dial() {
    result<std::shared_ptr<const identity>> as = with_.identities.load(with_.time.now());
    if (!as) {
        co_return as.error();
    }
    identity_ = *as;
    result<std::unique_ptr<transport::byte_stream>> network = co_await with_.dialler.dial(identity_);
    if (!network) {
        co_return network.error();
    }
    if (stopping_) {
        co_return stopped_by_us();
    }
    co_return session::start(with_.context, with_.pump, std::move(*network), options_.peer);
}

boost::asio::awaitable<connection::outcome> connection::serve(ports::access_events& events) {
    const result<std::shared_ptr<session>> made = co_await dial();
    if (!made) {
        outcome failed(made.error());
        failed.fatal = identity_ == nullptr;
        co_return failed;
    }
    session_ = *made;
    unused_session guard(*made);
    const result<greeting> met = co_await greet(*made, options_.call_limit);
    if (!met) {
        outcome failed(met.error());
        failed.fatal = met.error().kind() == fault_kind::unsupported;
        co_return failed;
    }
    const auto stream = std::make_shared<watch>(*made);
    watch_ = stream;
    const result<void> opened = co_await stream->open(options_.init_limit);
    if (!opened) {
        co_return outcome(opened.error());
    }
    // Nobody reads the stream meanwhile: flow control keeps its events until the older listing is delivered.
    result<std::vector<access::access_request>> pending = co_await list_pending(*made, list_limit);
    if (!pending) {
        co_return outcome(pending.error());
    }
    if (stopping_) {
        co_return outcome(stopped_by_us());
    }
    guard.keep();
    install(*made);
    with_.out.info(
        "teleport_connected", {{"address", options_.peer},
                               {"cluster", met->cluster.name},
                               {"server_version", met->server_version},
                               {"user", identity_->user},
                               {"pending_requests", std::to_string(pending->size())}}
    );
    last_reason_.clear();
    is_up(met->cluster.name);
    events.connected(met->cluster);
    events.listed(std::move(*pending));
    outcome ended(co_await follow(stream, events));
    watch_.reset();
    previous_ = std::move(session_);
    ended.was_up = true;
    ended.renewed = renewing_ && !previous_->ended();
    co_return ended;
}

boost::asio::awaitable<fault>
connection::follow(std::shared_ptr<watch> stream, ports::access_events& events) {
    renewing_ = false;
    check_identity_later();
    list_later(events);
    while (true) {
        result<watch_event> event = co_await stream->next();
        if (!event) {
            identity_check_.cancel();
            next_listing_.cancel();
            co_return event.error();
        }
        deliver(std::move(*event), events);
    }
}

void connection::install(const std::shared_ptr<session>& fresh) {
    with_.sessions.put(fresh);
    if (retiring_) {
        retiring_->end(stopped_by_us());
    }
    retiring_ = std::move(previous_);
    if (retiring_) {
        const auto over = [this](const std::exception_ptr& error) {
            if (error) {
                with_.out.error("teleport_retire_failed");
            }
        };
        boost::asio::co_spawn(with_.context, retire(retiring_), over);
    }
}

boost::asio::awaitable<void> connection::retire(std::shared_ptr<session> old) {
    const in_flight::token running(with_.running);
    co_await old->calls_over(options_.call_limit);
    old->end(
        fault(fault_kind::transient, "the connection to " + options_.peer + " was replaced by a newer one")
    );
    co_await old->stopped();
}

void connection::list_later(ports::access_events& events) {
    next_listing_.expires_after(options_.list_interval);
    next_listing_.async_wait([this, &events](const boost::system::error_code& error) {
        if (error || stopping_) {
            return;
        }
        const auto over = [this](const std::exception_ptr& thrown) {
            if (thrown) {
                with_.out.error("teleport_list_failed");
            }
        };
        boost::asio::co_spawn(with_.context, list_again(session_, events), over);
    });
}

boost::asio::awaitable<void>
connection::list_again(std::shared_ptr<session> on, ports::access_events& events) {
    const in_flight::token running(with_.running);
    result<std::vector<access::access_request>> pending = co_await list_pending(on, list_limit);
    if (stopping_ || on != session_) {
        co_return; // the next connection lists by itself
    }
    if (pending) {
        events.listed(std::move(*pending));
    } else {
        with_.out.warning("requests_not_listed", {{"error", pending.error().text()}});
    }
    list_later(events);
}

void connection::check_identity_later() {
    if (!options_.refresh) {
        return;
    }
    identity_check_.expires_after(options_.refresh_interval);
    identity_check_.async_wait([this,
                                stream = std::weak_ptr(watch_)](const boost::system::error_code& error) {
        const std::shared_ptr<watch> alive = stream.lock();
        if (error || !alive) {
            return;
        }
        if (has_new_identity()) {
            renewing_ = true;
            alive->cancel();
        } else {
            check_identity_later();
        }
    });
}

bool connection::has_new_identity() {
    const result<std::shared_ptr<const identity>> found = with_.identities.load(with_.time.now());
    if (!found) {
        with_.out.warning("identity_unusable", {{"reason", found.error().text()}});
        return false;
    }
    return (*found)->certificate != identity_->certificate || (*found)->authorities != identity_->authorities;
}

void connection::is_up(const std::string& cluster) {
    if (!status_.connected) {
        status_.connected = true;
        status_.since = with_.time.now();
    }
    status_.cluster = cluster;
    status_.why.clear();
}

void connection::is_down(const fault& why) {
    if (status_.connected) {
        status_.connected = false;
        status_.since = with_.time.now();
    }
    status_.why = why.text();
}

void connection::tell(const outcome& ended, std::chrono::milliseconds delay) {
    const bool repeated = ended.why.text() == last_reason_;
    repetitions_ = repeated ? repetitions_ + 1 : 1;
    last_reason_ = ended.why.text();
    const std::string_view event = ended.was_up ? "teleport_connection_lost" : "teleport_not_connected";
    const ports::severity level = repeated ? ports::severity::info : ports::severity::warning;
    if (!is_power_of_two(repetitions_) || !with_.out.enabled(level)) {
        return;
    }
    const ports::log_field fields[] = {
        {"reason", last_reason_},
        {"attempts", std::to_string(repetitions_)},
        {"next_attempt_in_ms", std::to_string(delay.count())},
    };
    with_.out.write(level, event, fields);
}

boost::asio::awaitable<result<std::string>> connection::probe() {
    const in_flight::token running(with_.running);
    const result<std::shared_ptr<session>> made = co_await dial();
    if (!made) {
        co_return made.error();
    }
    session_ = *made;
    const unused_session guard(*made);
    const result<greeting> met = co_await greet(*made, options_.call_limit);
    if (!met) {
        co_return met.error();
    }
    watch stream(*made);
    const result<void> opened = co_await stream.open(options_.init_limit);
    if (!opened) {
        co_return opened.error();
    }
    const result<std::vector<access::access_request>> pending = co_await list_pending(*made, list_limit);
    if (!pending) {
        co_return pending.error();
    }
    co_return "cluster " + met->cluster.name + " at " + options_.peer + ", Teleport " + met->server_version +
        ", as " + identity_->user + ", " + std::to_string(pending->size()) + " pending requests";
}

void connection::stop() noexcept {
    stopping_ = true;
    identity_check_.cancel();
    next_listing_.cancel();
    with_.dialler.cancel();
    pause_->wake();
    if (watch_) {
        watch_->cancel();
    }
    for (const auto& one : {session_, previous_, retiring_}) {
        if (one) {
            one->end(stopped_by_us());
        }
    }
}

boost::asio::awaitable<void> connection::stopped() {
    const std::array<std::shared_ptr<session>, 3> all{session_, previous_, retiring_};
    for (const std::shared_ptr<session>& one : all) {
        if (one) {
            co_await one->stopped();
        }
    }
}

} // namespace hallpass::teleport
