#include "services/slack/socket_link.hpp"

#include "services/slack/socket_messages.hpp"

#include <algorithm>
#include <chrono>
#include <variant>

namespace hallpass::services::slack {

using boost::asio::awaitable;

namespace {

constexpr std::chrono::milliseconds longest_greeting = std::chrono::seconds(10);

fault opening_failed(const std::string& why) {
    return fault(fault_kind::transient, "opening a connection to Slack: " + why);
}

// Nothing where the greeting is one.
std::optional<fault> read_greeting(const std::optional<std::string>& text, socket_link& into) {
    if (!text) {
        return opening_failed("Slack didn't greet us");
    }
    const socket_message message = read_socket_message(*text);
    if (const auto* parting = std::get_if<socket_parting>(&message)) {
        return *parting == socket_parting::disabled ? socket_mode_disabled()
                                                    : opening_failed("Slack closes it at once");
    }
    const auto* hello = std::get_if<socket_hello>(&message);
    if (hello == nullptr) {
        return opening_failed("Slack's greeting isn't one; is api_url right, or a proxy in between?");
    }
    into.app = hello->app;
    into.connections = hello->connections;
    return std::nullopt;
}

} // namespace

socket_visit::socket_visit(std::shared_ptr<socket_link> from) : from_(std::move(from)) {
    ++from_->under_way;
}

socket_visit::~socket_visit() {
    if (--from_->under_way == 0) {
        from_->answered->wake();
    }
}

awaitable<result<std::shared_ptr<socket_link>>>
open_link(ports::websocket_client& sockets, api& slack, ports::clock& time) {
    result<std::string> address = co_await slack.connection_address();
    if (address.has_error()) {
        co_return address.error();
    }
    ports::websocket_request request(std::move(*address));
    request.max_message_bytes = largest_socket_message;
    auto opened = co_await sockets.open(std::move(request));
    if (opened.has_error()) {
        // Each try has an address of its own, so none says anything of the next.
        co_return opening_failed(opened.error().text());
    }
    auto made = std::make_shared<socket_link>(time);
    made->socket = std::move(*opened);
    const result<std::optional<std::string>> first = co_await made->socket->receive(longest_greeting);
    if (first.has_error()) {
        co_return opening_failed(first.error().text());
    }
    if (const auto wrong = read_greeting(*first, *made)) {
        co_return *wrong;
    }
    co_return made;
}

fault socket_mode_disabled() {
    return fault(
        fault_kind::permanent, "Slack has switched Socket Mode off for this app; switch it on in the app's "
                               "settings under \"Socket Mode\", or take app_token out"
    );
}

std::pair<std::shared_ptr<delivery>, bool> delivery_book::enter(const std::string& id) {
    const auto found =
        std::find_if(kept_.begin(), kept_.end(), [&](const auto& one) { return one->id == id; });
    if (found != kept_.end()) {
        return {*found, false};
    }
    if (kept_.size() >= capacity_) {
        kept_.pop_front();
    }
    kept_.push_back(std::make_shared<delivery>());
    kept_.back()->id = id;
    return {kept_.back(), true};
}

} // namespace hallpass::services::slack
