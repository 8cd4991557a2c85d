// The simulated Slack's side of Socket Mode (api-messaging 1.7): tickets, connections, envelopes and what
// answers them.
#pragma once

#include "ports/log.hpp"
#include "ports/websocket.hpp"
#include "sandbox/slack_callback_types.hpp"
#include "sandbox/slack_types.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::sandbox {

// On the io_context's thread.
class slack_sockets {
public:
    // `out` outlives it, and it outlives what runs in the io_context.
    slack_sockets(boost::asio::any_io_executor executor, ports::log& out);

    // For one connection.
    std::string issue_ticket();
    bool take_ticket(const std::string& ticket);
    // Greets whoever has opened it, and serves them.
    void accept(std::unique_ptr<ports::websocket> socket);

    // Callbacks go this way: somebody is connected, and no Request URL is set or this is preferred to it.
    bool is_used(bool has_url) const noexcept;

    void prefer(bool wanted) noexcept { preferred_ = wanted; }

    // Gives the payload to one of the connections and waits for its acknowledgement: status 200 then, and the
    // body that came with it where a submission asks for one. The request's secret and age count for nothing
    // here.
    boost::asio::awaitable<callback_answer> send(callback_request request);

    // A text of no meaning to the sandbox, to every connection.
    void say(const std::string& text);

    // Tells every connection to go, and closes them some time after: "warning", "refresh_requested",
    // "link_disabled".
    void disconnect(const std::string& reason, std::chrono::milliseconds closed_after);
    // Ends every connection without a word.
    void cut();
    // The same, and takes no further one.
    void close();

    boost::json::object view() const;

private:
    struct connection {
        std::unique_ptr<ports::websocket> socket; // null once it has been cut
        bool leaving = false;
    };

    struct envelope {
        envelope(const boost::asio::any_io_executor& executor, bool takes_payload)
            : acknowledged(executor), takes_payload(takes_payload) {}

        boost::asio::steady_timer acknowledged;
        bool takes_payload;
        std::optional<std::string> answer;
    };

    boost::asio::awaitable<void> serve(std::shared_ptr<connection> mine);
    boost::asio::awaitable<void>
    close_later(std::shared_ptr<connection> mine, std::chrono::milliseconds after);
    std::shared_ptr<connection> choose();
    void take_acknowledgement(const std::string& text);
    void spawn(boost::asio::awaitable<void> work);

    boost::asio::any_io_executor executor_;
    ports::log& out_;
    slack_bot bot_;
    std::deque<std::string> tickets_;
    std::vector<std::shared_ptr<connection>> connections_;
    std::map<std::string, std::shared_ptr<envelope>> waiting_; // by envelope_id
    std::size_t turn_ = 0;
    std::size_t opened_ = 0;
    bool preferred_ = false;
    bool closed_ = false;
};

} // namespace hallpass::sandbox
