#include "sandbox/slack_sockets.hpp"

#include "base/text.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/random_id.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t most_tickets = 1000;
constexpr int going_away = 1001;

json::object debug_info() {
    return {{"host", "sandbox"}, {"build_number", 1}, {"approximate_connection_time", 3600}};
}

} // namespace

slack_sockets::slack_sockets(asio::any_io_executor executor, ports::log& out)
    : executor_(std::move(executor)), out_(out) {}

std::string slack_sockets::issue_ticket() {
    if (tickets_.size() >= most_tickets) {
        tickets_.pop_front();
    }
    tickets_.push_back(random_uuid());
    return tickets_.back();
}

bool slack_sockets::take_ticket(const std::string& ticket) {
    return std::erase(tickets_, ticket) == 1;
}

void slack_sockets::accept(std::unique_ptr<ports::websocket> socket) {
    if (closed_) {
        return;
    }
    auto mine = std::make_shared<connection>();
    mine->socket = std::move(socket);
    connections_.push_back(mine);
    ++opened_;
    const json::object hello{
        {"type", "hello"},
        {"num_connections", connections_.size()},
        {"connection_info", json::object{{"app_id", bot_.app_id}}},
        {"debug_info", debug_info()}};
    if (mine->socket->send(json::serialize(hello))) {
        spawn(serve(mine));
    }
}

asio::awaitable<void> slack_sockets::serve(std::shared_ptr<connection> mine) {
    while (mine->socket) {
        const auto next = co_await mine->socket->receive(1h);
        if (!next) {
            break;
        }
        if (*next) {
            take_acknowledgement(**next);
        }
    }
    std::erase(connections_, mine);
}

void slack_sockets::take_acknowledgement(const std::string& text) {
    boost::system::error_code error;
    const json::value said = json::parse(text, error);
    const json::object* acknowledgement = error ? nullptr : said.if_object();
    const auto found =
        acknowledgement == nullptr ? waiting_.end() : waiting_.find(text_of(*acknowledgement, "envelope_id"));
    if (found == waiting_.end()) {
        out_.warning("sandbox_socket_message_ignored", {{"text", one_line(text)}});
        return;
    }
    const json::value* payload = acknowledgement->if_contains("payload");
    if (payload != nullptr && !found->second->takes_payload) {
        out_.warning("sandbox_socket_payload_ignored", {{"text", one_line(text)}});
        payload = nullptr;
    }
    found->second->answer = payload == nullptr ? std::string() : json::serialize(*payload);
    found->second->acknowledged.cancel();
}

bool slack_sockets::is_used(bool has_url) const noexcept {
    return !connections_.empty() && (preferred_ || !has_url);
}

// One after the other; one that was told to go only where there is no other.
std::shared_ptr<slack_sockets::connection> slack_sockets::choose() {
    std::vector<std::shared_ptr<connection>> staying;
    std::copy_if(connections_.begin(), connections_.end(), std::back_inserter(staying), [](const auto& one) {
        return !one->leaving;
    });
    const auto& among = staying.empty() ? connections_ : staying;
    return among.empty() ? nullptr : among[turn_++ % among.size()];
}

asio::awaitable<callback_answer> slack_sockets::send(callback_request request) {
    callback_answer answer;
    const auto to = choose();
    const std::string id = random_uuid();
    // Of what hallpass gets, a form that was sent is answered with what is shown next.
    const bool takes_payload = text_of(request.payload, "type") == "view_submission";
    const json::object envelope_json{
        {"envelope_id", id},
        {"type", "interactive"},
        {"accepts_response_payload", takes_payload},
        {"payload", std::move(request.payload)}};
    const auto sent = std::make_shared<envelope>(executor_, takes_payload);
    waiting_.emplace(id, sent);
    if (!to || !to->socket || !to->socket->send(json::serialize(envelope_json))) {
        answer.problem = "no connection takes it";
    }
    const auto began = std::chrono::steady_clock::now();
    if (answer.problem.empty()) {
        sent->acknowledged.expires_at(began + request.deadline);
        // An error says only that the acknowledgement came.
        co_await sent->acknowledged.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    waiting_.erase(id);
    answer.took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    if (sent->answer) {
        answer.status = 200;
        answer.body = *sent->answer;
    } else if (answer.problem.empty()) {
        answer.problem = "no acknowledgement came in time";
    }
    co_return answer;
}

void slack_sockets::say(const std::string& text) {
    for (const auto& one : connections_) {
        if (one->socket && !one->socket->send(text)) {
            out_.warning("sandbox_socket_takes_nothing");
        }
    }
}

void slack_sockets::disconnect(const std::string& reason, std::chrono::milliseconds closed_after) {
    const json::object parting{{"type", "disconnect"}, {"reason", reason}, {"debug_info", debug_info()}};
    for (const auto& one : connections_) {
        if (one->socket && one->socket->send(json::serialize(parting))) {
            one->leaving = true;
            spawn(close_later(one, closed_after));
        }
    }
}

asio::awaitable<void>
slack_sockets::close_later(std::shared_ptr<connection> mine, std::chrono::milliseconds after) {
    asio::steady_timer timer(executor_, after);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (mine->socket) {
        co_await mine->socket->close(going_away);
    }
}

void slack_sockets::cut() {
    for (const auto& one : connections_) {
        one->socket.reset();
    }
    for (const auto& [id, sent] : waiting_) {
        sent->acknowledged.cancel();
    }
}

void slack_sockets::close() {
    closed_ = true;
    cut();
}

json::object slack_sockets::view() const {
    return {
        {"connections", connections_.size()},
        {"opened", opened_},
        {"unacknowledged", waiting_.size()},
        {"preferred", preferred_}};
}

void slack_sockets::spawn(asio::awaitable<void> work) {
    asio::co_spawn(executor_, std::move(work), [this](std::exception_ptr thrown) {
        if (thrown) {
            out_.error("sandbox_socket_failed");
        }
    });
}

} // namespace hallpass::sandbox
