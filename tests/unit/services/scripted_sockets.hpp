// Connections whose other side is the test, and a clock that the test moves.
#pragma once

#include "ports/clock.hpp"
#include "ports/websocket.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::test {

// One connection, as the other side has it.
struct scripted_line {
    explicit scripted_line(boost::asio::io_context& context);

    void say(std::string text);
    // Closes it, with a code or without one.
    void end(std::optional<int> code = std::nullopt);
    // The wait for the next text is over without one.
    void let_wait_pass();

    std::vector<std::string> sent;
    int closed_with = 0;                    // by us; 0 where we haven't closed it
    std::chrono::milliseconds waits_for{0}; // the next text, at most

    // Of scripted_socket.
    std::deque<std::string> coming;
    bool ended = false;
    bool lapsed = false;
    std::optional<int> close_code;
    boost::asio::steady_timer changed;
};

class scripted_sockets final : public ports::websocket_client {
public:
    explicit scripted_sockets(boost::asio::io_context& context) : context_(context) {}

    boost::asio::awaitable<result<std::unique_ptr<ports::websocket>>> open(ports::websocket_request request
    ) override;

    std::vector<ports::websocket_request> asked;
    std::vector<std::shared_ptr<scripted_line>> lines; // that were opened
    bool refuses = false;

private:
    boost::asio::io_context& context_;
};

// Alarms wait until the test has moved the time so far, or are woken.
class stepped_clock final : public ports::clock {
public:
    explicit stepped_clock(boost::asio::io_context& context);
    ~stepped_clock() override;

    instant now() const override;
    std::unique_ptr<ports::alarm> make_alarm() override;

    void advance(std::chrono::milliseconds by);
    // Until the first alarm that somebody waits for; nothing where nobody does.
    std::optional<std::chrono::milliseconds> next() const;

private:
    class alarm;
    struct state;

    std::shared_ptr<state> state_;
};

} // namespace hallpass::test
