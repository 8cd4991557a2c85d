// A third party in memory that remembers what it was sent.
#pragma once

#include "ports/clock.hpp"
#include "ports/service.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hallpass::simulation {

struct posted_message {
    access::address to;
    access::delivery_key key;
    access::message_ref ref;
    std::string thread; // id of the message it replies to
    access::card shown;
    int updates = 0;
};

class simulated_service final : public ports::service {
public:
    std::string_view name() const noexcept override { return "slack"; }

    boost::asio::awaitable<result<std::string>> check() override;

    std::optional<std::vector<std::string>> recipients(const access::access_request&) const override {
        return own_recipients;
    }

    boost::asio::awaitable<result<access::address>> resolve(std::string recipient) override;
    boost::asio::awaitable<result<std::optional<access::address>>> resolve_requester(std::string teleport_user
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    post(access::address to, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<void>> update(access::message_ref message, access::card shown) override;
    boost::asio::awaitable<result<access::message_ref>> reply(
        access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find(access::address to, access::message_ref thread, access::delivery_key key, instant since) override;

    boost::asio::awaitable<result<std::optional<std::string>>> on_call(access::access_request request
    ) override;

    bool sends_letters() const noexcept override { return letters; }

    struct mishap {
        mishap(fault what, bool done_all_the_same)
            : what(std::move(what)), done_all_the_same(done_all_the_same) {}

        fault what;
        bool done_all_the_same; // the answer is lost, not the call
    };

    std::map<std::string, std::deque<mishap>> next;         // by address or "update"
    std::optional<std::vector<std::string>> own_recipients; // where the service itself says who is told
    std::set<std::string> unknown_recipients;
    std::set<std::string> failing_recipients; // look-ups of them fail for now
    // How long a call to an address takes, where it is not at once; until it is cancelled where that comes
    // first.
    std::map<std::string, std::chrono::milliseconds> delays;
    ports::clock* time = nullptr;
    std::map<std::string, std::string> requesters; // Teleport user -> address
    bool can_find = true;
    std::deque<result<std::optional<std::string>>> on_call_answers; // then nobody is
    int on_call_asked = 0;
    bool letters = false;
    bool remembers_recipients = false; // as from a cache, look-ups are answered without a wait

    std::vector<posted_message> messages;
    int looked = 0;

    std::vector<posted_message> cards() const;
    std::vector<posted_message> replies() const;

private:
    boost::asio::awaitable<bool> travel(std::string to);
    result<access::message_ref>
    deliver(access::address to, std::string thread, access::card shown, access::delivery_key key);
};

} // namespace hallpass::simulation
