#include "simulation/instance.hpp"

#include <memory>
#include <set>
#include <utility>

namespace hallpass::simulation {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

class skewed_clock final : public ports::clock {
public:
    skewed_clock(virtual_clock& real, std::chrono::milliseconds skew) : real_(&real), skew_(skew) {}

    instant now() const override { return real_->now() + skew_; }

    std::unique_ptr<ports::alarm> make_alarm() override { return real_->make_alarm(); }

private:
    virtual_clock* real_;
    std::chrono::milliseconds skew_;
};

class traced_log final : public ports::log {
public:
    traced_log(timeline& time, std::string who) : time_(&time), who_(std::move(who)) {}

    bool enabled(ports::severity level) const noexcept override {
        return time_->prints || level >= ports::severity::warning;
    }

    void write(ports::severity, std::string_view event, std::span<const ports::log_field> fields) override {
        std::string line = who_ + " " + std::string(event);
        for (const ports::log_field& field : fields) {
            if (!field.value.empty() && field.key != "service") {
                line += " " + field.value;
            }
        }
        time_->tell(std::move(line));
    }

private:
    timeline* time_;
    std::string who_;
};

// Both ports of one life. A crash may come before, in or after any of its calls.
class ports_of_life {
public:
    ports_of_life(surroundings& world, std::shared_ptr<life> who, std::function<void()> crash)
        : world(&world), who(std::move(who)), crash(std::move(crash)) {}

    void maybe_crash(const call_fate& fate, unsigned in_thousand) const {
        if (world->time.draw.in_thousand(in_thousand)) {
            const auto when = world->time.draw.between(0ms, fate.there + std::min(fate.back, 1000ms));
            world->time.clock.after(when, crash);
        }
    }

    call_fate auth_fate() const {
        const call_fate fate = world->wrong.of_auth(world->time.draw);
        maybe_crash(fate, world->wrong.auth.crash);
        return fate;
    }

    call_fate service_fate(const std::string& address, const std::string& what) const {
        const call_fate fate = world->wrong.of_service(world->time.draw, address);
        ++world->attempts;
        maybe_crash(fate, world->wrong.service.crash);
        world->time.tell(
            who->name + " " + what + " at " + address +
            (fate.lost_there    ? " -> lost"
             : fate.refused     ? " -> " + fate.refused->text()
             : fate.lost_back   ? " -> answer lost"
             : fate.back >= 10s ? " -> answer late"
                                : "")
        );
        return fate;
    }

    surroundings* world;
    std::shared_ptr<life> who;
    std::function<void()> crash;
};

class gateway_of_life final : public ports::access_gateway {
public:
    explicit gateway_of_life(ports_of_life with) : with_(std::move(with)) {}

    asio::awaitable<result<std::optional<access::access_request>>> read_request(std::string id) override {
        using answer = std::optional<access::access_request>;
        std::function<result<answer>()> work = [auth = &with_.world->auth, id] {
            return result<answer>(auth->find(id));
        };
        return with_.world->time.travel<answer>(with_.who, with_.auth_fate(), std::move(work));
    }

    asio::awaitable<result<ports::plugin_data>>
    read_plugin_data(std::string request_id, std::string) override {
        std::function<result<ports::plugin_data>()> work = [auth = &with_.world->auth, request_id] {
            return result<ports::plugin_data>(auth->read(request_id));
        };
        return with_.world->time.travel<ports::plugin_data>(with_.who, with_.auth_fate(), std::move(work));
    }

    asio::awaitable<result<std::vector<ports::stored_plugin_data>>>
    list_plugin_data(std::string, std::unordered_set<std::string> except) override {
        using answer = std::vector<ports::stored_plugin_data>;
        std::function<result<answer>()> work = [auth = &with_.world->auth, except = std::move(except)] {
            return result<answer>(auth->all_data(except));
        };
        return with_.world->time.travel<answer>(with_.who, with_.auth_fate(), std::move(work));
    }

    asio::awaitable<result<void>> update_plugin_data(ports::plugin_data_update update) override {
        std::function<result<void>()> work = [auth = &with_.world->auth, update = std::move(update)] {
            return auth->update(update);
        };
        return with_.world->time.travel<void>(with_.who, with_.auth_fate(), std::move(work));
    }

    asio::awaitable<access::access_request> enrich(access::access_request request) override {
        co_return request;
    }

private:
    ports_of_life with_;
};

class service_of_life final : public ports::service {
public:
    explicit service_of_life(ports_of_life with) : with_(std::move(with)) {
        // What a former life or another instance was sending was sent before this one began.
        known_->uncertain_until = with_.world->time.clock.now() + with_.world->traits.index_lag;
    }

    std::string_view name() const noexcept override { return "slack"; }

    bool sends_letters() const noexcept override { return with_.world->traits.letters; }

    std::optional<std::vector<std::string>> recipients(const access::access_request& request) const override {
        using places = std::vector<std::string>;
        switch (with_.world->traits.recipients) {
        case recipients_from::the_request:
            return request.roles.front() == "many" ? places{"#c1", "#c2"} : places{"#c1"};
        case recipients_from::the_service:
            return places{"#c1"};
        case recipients_from::operators:
            break;
        }
        return std::nullopt;
    }

    asio::awaitable<result<std::string>> check() override { co_return std::string("simulated"); }

    asio::awaitable<result<access::address>> resolve(std::string recipient) override {
        const std::shared_ptr<memory> known = known_; // may outlive this life
        const bool remembers = with_.world->remembers_recipients;
        if (known->recipients.contains(recipient)) {
            co_return access::address(recipient.substr(1));
        }
        std::function<result<access::address>()> work = [recipient] {
            return result<access::address>(access::address(recipient.substr(1)));
        };
        const call_fate fate = with_.service_fate(recipient, "resolve");
        auto answer = co_await with_.world->time.travel<access::address>(with_.who, fate, std::move(work));
        if (answer && remembers) {
            known->recipients.insert(recipient);
        }
        co_return answer;
    }

    asio::awaitable<result<std::optional<access::address>>> resolve_requester(std::string user) override {
        using answer = std::optional<access::address>;
        std::function<result<answer>()> work = [world = with_.world, user] {
            const auto found = world->requesters.find(user);
            return result<answer>(
                found == world->requesters.end() ? answer() : answer(access::address(found->second))
            );
        };
        const std::shared_ptr<memory> known = known_; // may outlive this life
        const bool remembers = with_.world->remembers_recipients;
        if (known->recipients.contains(user)) {
            co_return work();
        }
        const call_fate fate = with_.service_fate(user, "resolve");
        auto told = co_await with_.world->time.travel<answer>(with_.who, fate, std::move(work));
        if (told && remembers) {
            known->recipients.insert(user);
        }
        co_return told;
    }

    asio::awaitable<result<access::message_ref>>
    post(access::address to, access::card shown, access::delivery_key key) override {
        const ports_of_life with = with_; // may outlive this life
        const std::shared_ptr<memory> known = known_;
        const bool in_steps = with.world->traits.open_until_the_end && access::is_resolved(shown.state);
        access::card first = shown;
        if (in_steps) {
            first.state = access::request_state::pending;
        }
        result<access::message_ref> made =
            co_await deliver(with, std::move(to), {}, std::move(first), std::move(key));
        if (!made) {
            known->uncertain_until = with.world->time.clock.now() + with.world->traits.index_lag;
            co_return made;
        }
        if (in_steps) {
            const result<void> settled = co_await change(with, *made, std::move(shown));
            if (!settled) {
                known->uncertain_until = with.world->time.clock.now() + with.world->traits.index_lag;
                fault half = settled.error();
                half.set_uncertain(true);
                co_return half;
            }
        }
        co_return made;
    }

    asio::awaitable<result<void>> update(access::message_ref message, access::card shown) override {
        return change(with_, std::move(message), std::move(shown));
    }

    asio::awaitable<result<access::message_ref>>
    reply(access::message_ref message, access::card shown, std::size_t, access::delivery_key key) override {
        return deliver(
            with_, access::address(message.conversation), message.id, std::move(shown), std::move(key)
        );
    }

    asio::awaitable<result<access::message_ref>>
    tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) override {
        return deliver(with_, access::address(message.conversation), {}, std::move(shown), std::move(key));
    }

    asio::awaitable<result<std::optional<access::message_ref>>>
    find(access::address to, access::message_ref thread, access::delivery_key key, instant) override {
        using answer = std::optional<access::message_ref>;
        const call_fate fate = with_.service_fate(to.id, key.request_id + " find " + key.part);
        std::function<result<answer>()> work = [world = with_.world, known = known_, to, thread, key] {
            const bool card = key.part == "card";
            if (!(card ? world->traits.finds_cards : world->traits.finds_follow_ups)) {
                world->service.excuse(to, thread.id, key);
                return result<answer>(fault(fault_kind::unsupported, "no look-up here"));
            }
            const answer found = world->service.find(to, thread.id, key);
            const instant now = world->time.clock.now();
            if (card && !found && now < known->uncertain_until) {
                fault early(fault_kind::transient, "the index may not know it yet");
                early.set_retry_after(known->uncertain_until - now);
                return result<answer>(early);
            }
            return result<answer>(found);
        };
        return with_.world->time.travel<answer>(with_.who, fate, std::move(work));
    }

private:
    static std::string face(const access::card& shown) {
        return std::string(access::to_string(shown.state)) + std::to_string(shown.reviews.size());
    }

    static asio::awaitable<result<access::message_ref>> deliver(
        const ports_of_life& with,
        access::address to,
        std::string thread,
        access::card shown,
        access::delivery_key key
    ) {
        const call_fate fate =
            with.service_fate(to.id, key.request_id + " send " + key.part + " " + face(shown));
        std::function<result<access::message_ref>()> work = [service = &with.world->service, to, thread, key,
                                                             shown = std::move(shown)] {
            return result<access::message_ref>(service->accept(to, thread, shown, key));
        };
        return with.world->time.travel<access::message_ref>(with.who, fate, std::move(work));
    }

    static asio::awaitable<result<void>>
    change(const ports_of_life& with, access::message_ref message, access::card shown) {
        const call_fate fate =
            with.service_fate(message.conversation, shown.request_id + " update " + face(shown));
        std::function<result<void>()> work = [service = &with.world->service, message,
                                              shown = std::move(shown)] {
            return service->change(message, shown);
        };
        return with.world->time.travel<void>(with.who, fate, std::move(work));
    }

    // What a life knows, which calls under way may outlive.
    struct memory {
        std::set<std::string> recipients;
        instant uncertain_until; // look-ups may not know what was sent before
    };

    ports_of_life with_;
    std::shared_ptr<memory> known_ = std::make_shared<memory>();
};

} // namespace

// All that is lost by a crash.
struct instance::being {
    being(
        surroundings& world,
        const std::string& name,
        std::chrono::milliseconds skew,
        std::function<void()> crash
    )
        : who(std::make_shared<life>(life{name, false})),
          clock(world.time.clock, skew),
          log(world.time, name),
          gateway(ports_of_life(world, who, crash)),
          service(ports_of_life(world, who, crash)),
          dispatcher(environment(world, name)) {}

    workflow::environment environment(surroundings& world, const std::string& name) {
        workflow::workflow_options options;
        options.instance = name;
        options.on_uncertain = world.on_uncertain;
        const auto seed = static_cast<std::uint_fast32_t>(world.time.draw.below(1'000'000));
        return workflow::environment{
            world.time.context.get_executor(),
            gateway,
            service,
            clock,
            log,
            world.routing,
            options,
            jitter(seed),
            access::cluster()};
    }

    std::shared_ptr<life> who;
    skewed_clock clock;
    traced_log log;
    gateway_of_life gateway;
    service_of_life service;
    workflow::dispatcher dispatcher;
    std::shared_ptr<watch_stream> stream;
};

instance::instance(surroundings& world, std::string name, std::chrono::milliseconds skew)
    : world_(&world), name_(std::move(name)), skew_(skew) {}

instance::~instance() {
    crash();
}

void instance::start() {
    crash();
    world_->time.tell("* " + name_ + " starts");
    // The crash of a call is this life's alone.
    const auto of = std::make_shared<std::weak_ptr<being>>();
    now_ = std::make_shared<being>(*world_, name_, skew_, [this, of] {
        if (const auto alive = of->lock(); alive && alive == now_) {
            crash();
        }
    });
    *of = now_;
    connect_after(world_->time.draw.between(10ms, 50ms));
}

void instance::crash() {
    const std::shared_ptr<being> last = std::exchange(now_, nullptr);
    if (!last) {
        return;
    }
    world_->time.tell("* " + name_ + " crashes");
    last->who->crashed = true;
    last->dispatcher.abort();
    world_->time.clock.run_ready();
}

bool instance::stop(std::chrono::milliseconds within) {
    const std::shared_ptr<being> last = now_;
    if (!last) {
        return true;
    }
    world_->time.tell("* " + name_ + " stops");
    if (last->stream) {
        last->stream->cut = true;
    }
    last->dispatcher.stop();
    const auto over = [last] { return last->who->crashed || last->dispatcher.size() == 0; };
    const bool ended = world_->time.clock.run_until(over, within);
    if (now_ == last) {
        crash();
    }
    return ended;
}

void instance::cut_stream() {
    if (now_ && now_->stream) {
        world_->time.tell("* " + name_ + " loses its stream");
        now_->stream->cut = true;
        connect_after(world_->time.draw.between(20ms, 5s));
    }
}

std::size_t instance::open_requests() const {
    return now_ ? now_->dispatcher.size() : 0;
}

ports::service_status instance::status() const {
    return now_->dispatcher.status();
}

void instance::connect_after(std::chrono::milliseconds wait) {
    world_->time.clock.after(wait, [this, of = std::weak_ptr(now_)] { connect(of); });
}

void instance::connect(std::weak_ptr<being> of) {
    const auto alive = of.lock();
    if (!alive || alive != now_) {
        return;
    }
    if (world_->wrong.auth_is_down) {
        connect_after(world_->time.draw.between(20ms, 5s));
        return;
    }
    alive->stream = world_->auth.watch(alive->who, alive->dispatcher);
    const instant as_of = world_->time.clock.now() -
                          (world_->time.draw.below(4) == 0 ? world_->time.draw.between(0ms, 3s) : 0ms);
    world_->time.clock.after(
        world_->time.draw.between(1ms, 300ms),
        [this, of, as_of, stream = alive->stream] {
            if (const auto still = of.lock(); still && !stream->cut && !stream->watcher->crashed) {
                world_->auth.deliver_listing(stream, as_of);
                list_again_after(of, stream);
            }
        }
    );
}

// As the real connection does, so that nothing that slipped through stays unseen.
void instance::list_again_after(std::weak_ptr<being> of, std::shared_ptr<watch_stream> stream) {
    world_->time.clock.after(5min, [this, of = std::move(of), stream = std::move(stream)] {
        if (const auto still = of.lock(); still && !stream->cut && !stream->watcher->crashed) {
            if (!world_->wrong.auth_is_down) {
                world_->auth.deliver_listing(stream, world_->time.clock.now());
            }
            list_again_after(of, stream);
        }
    });
}

} // namespace hallpass::simulation
