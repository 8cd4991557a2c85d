#include "simulation/simulated_service.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::simulation {

namespace asio = boost::asio;

// False where it was cut off on the way.
asio::awaitable<bool> simulated_service::travel(std::string to) {
    const auto found = delays.find(to);
    if (found == delays.end()) {
        co_await asio::post(asio::use_awaitable);
        co_return true;
    }
    const std::unique_ptr<ports::alarm> arrival = time->make_alarm();
    const bool arrived = co_await arrival->wait(found->second);
    co_return arrived;
}

asio::awaitable<result<std::string>> simulated_service::check() {
    co_return std::string("simulated");
}

asio::awaitable<result<access::address>> simulated_service::resolve(std::string recipient) {
    if (!remembers_recipients) {
        static_cast<void>(co_await travel({}));
    }
    if (failing_recipients.contains(recipient)) {
        co_return fault(fault_kind::transient, "503");
    }
    if (unknown_recipients.contains(recipient)) {
        co_return fault(fault_kind::not_found, recipient + " is not known");
    }
    co_return access::address(recipient.starts_with("#") ? recipient.substr(1) : recipient);
}

asio::awaitable<result<std::optional<access::address>>>
simulated_service::resolve_requester(std::string teleport_user) {
    if (!remembers_recipients) {
        static_cast<void>(co_await travel({}));
    }
    std::optional<access::address> to;
    const auto found = requesters.find(teleport_user);
    if (found != requesters.end()) {
        to = access::address(found->second);
    }
    co_return to;
}

asio::awaitable<result<std::optional<std::string>>> simulated_service::on_call(access::access_request) {
    ++on_call_asked;
    static_cast<void>(co_await travel({}));
    if (on_call_answers.empty()) {
        co_return std::optional<std::string>();
    }
    result<std::optional<std::string>> told = std::move(on_call_answers.front());
    on_call_answers.pop_front();
    co_return told;
}

asio::awaitable<result<access::message_ref>>
simulated_service::post(access::address to, access::card shown, access::delivery_key key) {
    const bool arrived = co_await travel(to.id);
    if (!arrived) {
        fault cut(fault_kind::cancelled, "cut off");
        cut.set_uncertain(true);
        co_return cut;
    }
    co_return deliver(std::move(to), {}, std::move(shown), std::move(key));
}

asio::awaitable<result<void>> simulated_service::update(access::message_ref message, access::card shown) {
    static_cast<void>(co_await travel({}));
    std::deque<mishap>& mishaps = next["update"];
    if (!mishaps.empty()) {
        const mishap bad = std::move(mishaps.front());
        mishaps.pop_front();
        co_return bad.what;
    }
    const auto found =
        std::find_if(messages.begin(), messages.end(), [&](const auto& one) { return one.ref == message; });
    if (found == messages.end()) {
        co_return fault(fault_kind::not_found, "message_not_found");
    }
    found->shown = std::move(shown);
    ++found->updates;
    co_return result<void>();
}

asio::awaitable<result<access::message_ref>> simulated_service::reply(
    access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
) {
    static_cast<void>(co_await travel({}));
    static_cast<void>(index);
    co_return deliver(access::address(message.conversation), message.id, std::move(shown), std::move(key));
}

asio::awaitable<result<access::message_ref>>
simulated_service::tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) {
    static_cast<void>(co_await travel({}));
    co_return deliver(access::address(message.conversation), {}, std::move(shown), std::move(key));
}

asio::awaitable<result<std::optional<access::message_ref>>> simulated_service::find(
    access::address to, access::message_ref thread, access::delivery_key key, instant since
) {
    static_cast<void>(co_await travel({}));
    static_cast<void>(since);
    static_cast<void>(thread);
    ++looked;
    if (!can_find) {
        co_return fault(fault_kind::unsupported, "no look-up here");
    }
    std::optional<access::message_ref> there;
    for (const posted_message& one : messages) {
        if (one.to == to && one.key == key) {
            there = one.ref;
        }
    }
    co_return there;
}

std::vector<posted_message> simulated_service::cards() const {
    std::vector<posted_message> found;
    std::copy_if(messages.begin(), messages.end(), std::back_inserter(found), [](const auto& one) {
        return one.key.part == "card";
    });
    return found;
}

std::vector<posted_message> simulated_service::replies() const {
    std::vector<posted_message> found;
    std::copy_if(messages.begin(), messages.end(), std::back_inserter(found), [](const auto& one) {
        return !one.thread.empty();
    });
    return found;
}

result<access::message_ref> simulated_service::deliver(
    access::address to, std::string thread, access::card shown, access::delivery_key key
) {
    std::optional<mishap> bad;
    std::deque<mishap>& mishaps = next[to.id];
    if (!mishaps.empty()) {
        bad = std::move(mishaps.front());
        mishaps.pop_front();
    }
    if (bad && !bad->done_all_the_same) {
        return bad->what;
    }
    posted_message one;
    one.to = to;
    one.key = std::move(key);
    one.ref = access::message_ref(to.id, std::to_string(messages.size() + 1));
    one.thread = std::move(thread);
    one.shown = std::move(shown);
    messages.push_back(one);
    if (bad) {
        return bad->what;
    }
    return one.ref;
}

} // namespace hallpass::simulation
