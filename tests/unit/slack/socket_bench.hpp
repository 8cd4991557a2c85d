// A Slack service that takes decisions over connections, with the test as Slack and as the desk.
#pragma once

#include "../services/scripted_sockets.hpp"
#include "desk_bench.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hallpass::test {

inline constexpr std::string_view app_token = "xapp-the-secret";

struct socket_bench {
    // `addresses`: how many of them Slack gives at the beginning.
    explicit socket_bench(std::size_t addresses = 2);
    ~socket_bench();
    socket_bench(const socket_bench&) = delete;
    socket_bench& operator=(const socket_bench&) = delete;

    // Until nothing is left to do.
    void settle();
    // Slack answers the next call so.
    void next_answer(std::string body);
    void next_address();
    // Slack greets us on every connection that it hasn't greeted on.
    void greet(std::string_view app = "A0123ABCD");
    // Both are open.
    void open_all();

    void send(std::size_t line, std::string_view envelope, boost::json::object payload);

    scripted_line& line(std::size_t index) { return *sockets.lines.at(index); }

    // The only thing that was sent there.
    boost::json::object answer_on(std::size_t index);
    std::vector<std::string> methods() const;

    bool logged(std::string_view text) const { return around.log.text.find(text) != std::string::npos; }

    std::size_t count_logged(std::string_view text) const;

    service_bench around;
    stepped_clock time;
    scripted_desk desk;
    scripted_sockets sockets;
    services::slack::slack_service slack;
    std::vector<ports::callback_route> routes;

private:
    std::size_t greeted_ = 0;
};

} // namespace hallpass::test
