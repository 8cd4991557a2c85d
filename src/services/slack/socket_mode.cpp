#include "services/slack/socket_mode.hpp"

#include "services/json_members.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <random>
#include <utility>
#include <variant>

namespace hallpass::services::slack {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

namespace {

constexpr int connections = 2;
constexpr milliseconds shortest_pause = 1s;
constexpr milliseconds longest_pause = 60s;
// A connection that was open for so long wasn't a failed try.
constexpr milliseconds settled = 10s;
// Slack closes a connection that it has called old after about 10 s, and may use it until then.
constexpr milliseconds longest_drain = 15s;
constexpr milliseconds between_looks = 1h;
constexpr int normal_closure = 1000;
constexpr std::size_t remembered_envelopes = 1000;
// Of one connection. More can't be clicks of people.
constexpr std::size_t most_under_way = 200;

} // namespace

socket_mode::socket_mode(socket_surroundings around)
    : around_(std::move(around)), jitter_(std::random_device{}()), deliveries_(remembered_envelopes) {}

void socket_mode::listen() {
    for (int i = 0; i < connections; ++i) {
        around_.desk.listen("slack socket", hold_connection());
    }
}

awaitable<void> socket_mode::hold_connection() {
    try {
        co_await connect_for_ever();
    } catch (const boost::system::system_error&) {
        // Cancelled: no more decisions are wanted, and what is under way is answered yet.
        stop_taking();
        throw;
    }
}

awaitable<void> socket_mode::connect_for_ever() {
    const std::unique_ptr<ports::alarm> again = around_.time.make_alarm();
    milliseconds previous{0};
    while (true) {
        const ending ended = co_await serve_one();
        const milliseconds pause = pause_after(ended, previous);
        report(ended, pause);
        if (pause > 0ms) {
            co_await again->wait(pause);
        }
    }
}

awaitable<socket_mode::ending> socket_mode::serve_one() {
    const auto opened = co_await open_link(around_.sockets, around_.slack, around_.time);
    if (opened.has_error()) {
        ending failed;
        failed.why = opened.error();
        co_return failed;
    }
    const link& mine = *opened;
    if (!mine->app.empty() && !around_.is_own_app(mine->app)) {
        ending failed;
        failed.why = fault(
            fault_kind::permanent,
            "app_token is of the app " + mine->app + ", and slack.token of another; put both of one app there"
        );
        co_return failed;
    }
    last_refusal_.clear();
    links_.push_back(mine);
    around_.out.info(
        "slack_socket_open", {{"app", mine->app}, {"connections", std::to_string(mine->connections)}}
    );
    const instant now = around_.time.now();
    ending ended;
    try {
        ended = co_await read(mine, instant::max());
    } catch (const boost::system::system_error&) {
        throw; // cancelled
    } catch (const std::exception& thrown) {
        ended.why = fault(fault_kind::bug, thrown.what());
    }
    ended.was_open = true;
    ended.opened_at = now;
    if (ended.moved) {
        around_.desk.spawn("slack socket, old", drain(mine));
    } else {
        around_.desk.spawn("slack socket, closing", hang_up(mine));
    }
    co_return ended;
}

awaitable<socket_mode::ending> socket_mode::read(link from, instant until) {
    const bool old = until != instant::max();
    while (true) {
        const instant now = around_.time.now();
        const milliseconds at_most = old ? std::max(1ms, until - now) : between_looks;
        const result<std::optional<std::string>> next = co_await from->socket->receive(at_most);
        ending made;
        if (next.has_error()) {
            made.why = next.error();
            co_return made;
        }
        const auto parting = *next ? take_message(from, **next) : std::nullopt;
        if (parting == socket_parting::disabled || (parting && !old)) {
            made.moved = *parting == socket_parting::moving;
            made.why = made.moved ? fault(fault_kind::transient, "Slack moves it") : socket_mode_disabled();
            co_return made;
        }
        if (old && until <= around_.time.now()) {
            made.why = fault(fault_kind::cancelled, "another connection has taken its place");
            co_return made;
        }
    }
}

std::optional<socket_parting> socket_mode::take_message(const link& from, std::string_view text) {
    socket_message message = read_socket_message(text);
    if (auto* envelope = std::get_if<socket_envelope>(&message)) {
        take(from, std::move(*envelope));
    } else if (const auto* parting = std::get_if<socket_parting>(&message)) {
        return *parting;
    } else {
        around_.out.debug("slack_socket_message_ignored");
    }
    return std::nullopt;
}

// Slack may still use the old connection while the new one is being opened.
awaitable<void> socket_mode::drain(link from) {
    const ending ended = co_await read(from, around_.time.now() + longest_drain);
    around_.out.debug("slack_socket_left", {{"reason", ended.why.text()}});
    co_await hang_up(from);
}

awaitable<void> socket_mode::hang_up(link from) {
    if (std::exchange(from->hanging_up, true)) {
        co_return;
    }
    while (from->under_way > 0) {
        co_await from->answered->wait(longest_answer);
    }
    co_await from->socket->close(normal_closure);
    forget(from);
}

void socket_mode::forget(const link& ended) {
    links_.erase(std::remove(links_.begin(), links_.end(), ended), links_.end());
}

void socket_mode::stop_taking() {
    if (std::exchange(stopping_, true)) {
        return;
    }
    const std::vector<link> all = links_; // each takes itself out
    for (const link& one : all) {
        around_.desk.spawn("slack socket, closing", hang_up(one));
    }
}

void socket_mode::take(const link& from, socket_envelope envelope) {
    if (stopping_) {
        return; // another process may have it, or the person clicks again
    }
    if (!envelope.interactive) {
        acknowledge(*from, acknowledgement(envelope.id));
        return;
    }
    if (from->under_way >= most_under_way) {
        around_.out.warning("slack_socket_crowded", {{"envelope", envelope.id}});
        return;
    }
    const auto [kept, is_new] = deliveries_.enter(envelope.id);
    kept->link = from;
    if (is_new) {
        auto mine = std::make_unique<socket_visit>(from);
        around_.desk.spawn("slack envelope", answer(std::move(mine), kept, std::move(envelope)));
    } else if (kept->answer) {
        acknowledge(*from, *kept->answer);
    }
}

awaitable<void> socket_mode::answer(
    [[maybe_unused]] std::unique_ptr<socket_visit> mine,
    std::shared_ptr<delivery> kept,
    socket_envelope envelope
) {
    const std::string view(text_of(object_of(envelope.payload, "view"), "id"));
    const instant until = around_.time.now() + longest_answer;
    ports::callback_response given = co_await around_.callbacks.respond(std::move(envelope.payload), until);
    if (given.status != 200) {
        // An acknowledgement would close a form, which looks like success. So Slack tells of an error.
        around_.out.debug("slack_envelope_refused", {{"envelope", envelope.id}});
        co_return;
    }
    result<void> sent = fault(fault_kind::unsupported, "Slack takes no payload for it, or is gone");
    const link to = kept->link.lock();
    if (to && (given.body.empty() || envelope.takes_payload)) {
        kept->answer = acknowledgement(envelope.id, given.body);
        sent = to->socket->send(*kept->answer);
    }
    if (sent.has_error()) {
        around_.out.warning(
            "slack_answer_not_sent", {{"envelope", envelope.id}, {"reason", sent.error().text()}}
        );
        co_await around_.callbacks.show_instead(view, std::move(given.body));
    }
}

void socket_mode::acknowledge(socket_link& to, std::string text) {
    const result<void> sent = to.socket->send(std::move(text));
    if (sent.has_error()) {
        around_.out.warning("slack_answer_not_sent", {{"reason", sent.error().text()}});
    }
}

milliseconds socket_mode::pause_after(const ending& ended, milliseconds& previous) {
    if (is_refusal(ended.why.kind())) {
        return longest_pause;
    }
    if (ended.was_open && around_.time.now() - ended.opened_at >= settled) {
        previous = 0ms;
    }
    const bool at_once = ended.moved && previous == 0ms;
    previous = jitter_.next(previous, shortest_pause, longest_pause);
    return at_once ? 0ms : std::max(previous, ended.why.retry_after().value_or(0ms));
}

void socket_mode::report(const ending& ended, milliseconds pause) {
    const std::string again = std::to_string(pause.count());
    if (is_refusal(ended.why.kind())) {
        if (std::exchange(last_refusal_, ended.why.text()) != ended.why.text()) {
            around_.out.error("slack_socket_refused", {{"error", ended.why.text()}, {"again_in_ms", again}});
        }
    } else if (ended.moved) {
        around_.out.info("slack_socket_moved", {{"again_in_ms", again}});
    } else {
        around_.out.warning(
            ended.was_open ? "slack_socket_lost" : "slack_socket_not_open",
            {{"reason", ended.why.text()}, {"again_in_ms", again}}
        );
    }
}

} // namespace hallpass::services::slack
