#include "sandbox/discord_gateway.hpp"

#include "sandbox/cluster_json.hpp"
#include "sandbox/discord_json.hpp"
#include "sandbox/random_id.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <exception>

namespace hallpass::sandbox {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t kept_events = 200;
constexpr std::size_t largest_payload = 4096;

// What Discord closes with.
constexpr int unknown_opcode = 4001;
constexpr int undecodable = 4002;
constexpr int not_authenticated = 4003;
constexpr int bad_token = 4004;
constexpr int already_authenticated = 4005;
constexpr int bad_sequence = 4007;

std::string frame(int op, json::value data) {
    return json::serialize(json::object{{"op", op}, {"d", std::move(data)}, {"s", nullptr}, {"t", nullptr}});
}

std::string event(std::int64_t number, const char* name, json::object data) {
    return json::serialize(json::object{{"op", 0}, {"d", std::move(data)}, {"s", number}, {"t", name}});
}

json::object data_of(const json::object& said) {
    const json::value* found = said.if_contains("d");
    return found != nullptr && found->is_object() ? found->get_object() : json::object();
}

void send(ports::websocket& to, std::string text) {
    // Where it is closed, whoever receives is told.
    (void)to.send(std::move(text));
}

} // namespace

discord_gateway::discord_gateway(asio::any_io_executor executor, discord_bot bot, ports::log& out)
    : executor_(std::move(executor)), bot_(std::move(bot)), out_(out) {}

json::object discord_gateway::address(const std::string& host) const {
    return {
        {"url", "wss://" + host + "/gateway"},
        {"shards", 1},
        {"session_start_limit", json::object{
                                    {"total", 1000},
                                    {"remaining", remaining_},
                                    {"reset_after", reset_after_},
                                    {"max_concurrency", 1}}}};
}

void discord_gateway::accept(std::unique_ptr<ports::websocket> socket, const std::string& host) {
    if (closed_) {
        return;
    }
    auto mine = std::make_shared<connection>();
    mine->socket = std::move(socket);
    mine->host = host;
    connections_.push_back(mine);
    send(*mine->socket, frame(10, json::object{{"heartbeat_interval", heartbeat_}}));
    spawn(serve(mine));
}

asio::awaitable<void> discord_gateway::serve(std::shared_ptr<connection> mine) {
    while (mine->socket) {
        const auto next = co_await mine->socket->receive(1h);
        if (!next) {
            // Whoever says that it goes loses its session.
            const auto code = mine->socket ? mine->socket->close_code() : std::nullopt;
            if (code == 1000 || code == 1001) {
                sessions_.erase(mine->session);
            }
            break;
        }
        if (!*next || !mine->socket) {
            continue;
        }
        if (const auto refused = take(mine, **next)) {
            co_await mine->socket->close(*refused);
            break;
        }
    }
    std::erase(connections_, mine);
}

std::optional<int> discord_gateway::take(const std::shared_ptr<connection>& from, const std::string& text) {
    boost::system::error_code error;
    const json::value parsed = json::parse(text, error);
    const json::object* said = error ? nullptr : parsed.if_object();
    if (said == nullptr || text.size() > largest_payload) {
        return undecodable;
    }
    switch (static_cast<int>(number_of(*said, "op", -1))) {
    case 1:
        ++heartbeats_;
        if (!acks_stopped_) {
            send(*from->socket, frame(11, nullptr));
        }
        return std::nullopt;
    case 2:
        return identify(from, data_of(*said));
    case 3: // presence
    case 4: // voice
        return from->session.empty() ? std::optional(not_authenticated) : std::nullopt;
    case 6:
        return resume(from, data_of(*said));
    default:
        return unknown_opcode;
    }
}

void discord_gateway::add_event(session& to, const char* name, json::object data) {
    const std::int64_t number = ++to.last;
    to.events.emplace_back(number, event(number, name, std::move(data)));
    if (to.events.size() > kept_events) {
        to.events.pop_front();
    }
    const auto at = to.at.lock();
    if (at && at->socket) {
        send(*at->socket, to.events.back().second);
    }
}

std::optional<int>
discord_gateway::identify(const std::shared_ptr<connection>& from, const json::object& data) {
    ++identifies_;
    remaining_ = std::max<std::int64_t>(0, remaining_ - 1);
    if (!from->session.empty()) {
        return already_authenticated;
    }
    if (refuses_with_ != 0) {
        return refuses_with_;
    }
    std::string token = text_of(data, "token");
    if (token != bot_.token) {
        return bad_token;
    }
    if (!data.contains("intents") || !data.contains("properties")) {
        return undecodable;
    }
    from->session = random_uuid();
    session& begun = sessions_[from->session];
    begun.at = from;
    json::object ready{
        {"v", 10},
        {"user", to_json(bot_)},
        {"guilds", json::array()},
        {"session_id", from->session},
        {"session_type", "normal"},
        {"resume_gateway_url", "wss://" + from->host + "/gateway"},
        {"private_channels", json::array()},
        {"application", json::object{{"id", bot_.application_id}, {"flags", 0}}}};
    add_event(begun, "READY", std::move(ready));
    return std::nullopt;
}

std::optional<int>
discord_gateway::resume(const std::shared_ptr<connection>& from, const json::object& data) {
    if (!from->session.empty()) {
        return already_authenticated;
    }
    if (text_of(data, "token") != bot_.token) {
        return bad_token;
    }
    const auto found = sessions_.find(text_of(data, "session_id"));
    const auto seen = static_cast<std::int64_t>(number_of(data, "seq", -1));
    if (found == sessions_.end()) {
        send(*from->socket, frame(9, false));
        return std::nullopt;
    }
    if (seen < 0 || seen > found->second.last) {
        sessions_.erase(found);
        return bad_sequence;
    }
    ++resumes_;
    from->session = found->first;
    found->second.at = from;
    for (const auto& [number, text] : found->second.events) {
        if (number > seen) {
            send(*from->socket, text);
        }
    }
    add_event(found->second, "RESUMED", {});
    return std::nullopt;
}

void discord_gateway::tell(const json::object& interaction) {
    for (auto& [id, one] : sessions_) {
        add_event(one, "INTERACTION_CREATE", interaction);
    }
}

void discord_gateway::ask_to_reconnect() {
    for (const auto& one : connections_) {
        if (one->socket) {
            send(*one->socket, frame(7, nullptr));
        }
    }
}

void discord_gateway::end_sessions(bool resumable) {
    for (const auto& one : connections_) {
        if (one->socket) {
            send(*one->socket, frame(9, resumable));
        }
    }
    if (!resumable) {
        sessions_.clear();
    }
}

void discord_gateway::close_all(int code) {
    for (const auto& one : connections_) {
        spawn(close_one(one, code));
    }
}

asio::awaitable<void> discord_gateway::close_one(std::shared_ptr<connection> mine, int code) {
    if (mine->socket) {
        co_await mine->socket->close(code);
    }
}

void discord_gateway::cut() {
    for (const auto& one : connections_) {
        one->socket.reset();
    }
}

void discord_gateway::set_remaining(std::int64_t remaining, std::int64_t reset_after) {
    remaining_ = remaining;
    reset_after_ = reset_after;
}

void discord_gateway::close() {
    closed_ = true;
    cut();
}

void discord_gateway::reset() {
    remaining_ = 1000;
    refuses_with_ = 0;
    acks_stopped_ = false;
}

json::object discord_gateway::view() const {
    json::array all;
    for (const auto& [id, one] : sessions_) {
        const auto at = one.at.lock();
        all.push_back(json::object{{"id", id}, {"last", one.last}, {"connected", at && at->socket}});
    }
    return {{"sessions", std::move(all)}, {"connections", connections_.size()}, {"identifies", identifies_},
            {"resumes", resumes_},        {"heartbeats", heartbeats_},          {"remaining", remaining_}};
}

void discord_gateway::spawn(asio::awaitable<void> work) {
    asio::co_spawn(executor_, std::move(work), [this](const std::exception_ptr& thrown) {
        if (thrown) {
            out_.error("sandbox_gateway_failed");
        }
    });
}

} // namespace hallpass::sandbox
