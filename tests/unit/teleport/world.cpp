#include "unit/teleport/world.hpp"

#include "support/run_coroutine.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

namespace hallpass::test {

namespace {

constexpr std::chrono::seconds limit{20};

void rethrow(std::exception_ptr error) {
    if (error) {
        std::rethrow_exception(std::move(error));
    }
}

} // namespace

void recorded_events::listed(std::vector<access::access_request> pending) {
    std::string line = "listed";
    for (const access::access_request& request : pending) {
        line += " " + request.id;
    }
    add(std::move(line));
}

void recorded_events::add(std::string line) {
    lines.push_back(std::move(line));
    changed_.cancel();
}

boost::asio::awaitable<void> recorded_events::count(std::size_t wanted) {
    const auto give_up = std::chrono::steady_clock::now() + limit;
    while (lines.size() < wanted) {
        if (std::chrono::steady_clock::now() >= give_up) {
            throw std::runtime_error("only " + std::to_string(lines.size()) + " events came");
        }
        changed_.expires_at(give_up);
        co_await changed_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
}

boost::asio::awaitable<void> until(std::string what, std::function<bool()> condition) {
    const auto give_up = std::chrono::steady_clock::now() + limit;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= give_up) {
            throw std::runtime_error("this did not come: " + what);
        }
        timer.expires_after(std::chrono::milliseconds(5));
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
}

world::world(
    const std::string& address,
    const std::string& identity_text,
    std::function<void(teleport::teleport_config&)> adjust
)
    : identity_file(files.write("identity", identity_text)) {
    teleport::teleport_config config;
    config.addr = address;
    config.identity_file = identity_file;
    if (adjust) {
        adjust(config);
    }
    client = std::make_unique<teleport::teleport_client>(context, config, time, out);
}

void world::start() {
    boost::asio::co_spawn(
        context, client->run(events),
        [this](std::exception_ptr error, result<void> outcome) {
            rethrow(std::move(error));
            ended.emplace(std::move(outcome));
        }
    );
}

void world::play(std::function<boost::asio::awaitable<void>()> scene) {
    run_coroutine(context, std::move(scene));
    context.restart(); // it may have run out of work
    run_coroutine(context, [this] { return client->close(); });
    context.restart();
    context.run_for(std::chrono::seconds(5));
    if (!context.stopped()) {
        throw std::runtime_error("something is left in the io_context after close()");
    }
}

std::string world::run_to_fault() {
    start();
    play([this]() -> boost::asio::awaitable<void> {
        const std::function<bool()> over = [this] { return ended.has_value(); };
        co_await until("the end of run()", over);
    });
    return *ended ? "" : ended->error().text();
}

std::string world::probe() {
    std::string said;
    play([this, &said]() -> boost::asio::awaitable<void> {
        const result<std::string> found = co_await client->probe();
        said = found ? "ok: " + *found : found.error().text();
    });
    return said;
}

} // namespace hallpass::test
