// The desk of a test: it answers from a script, as late as the test wants.
#pragma once

#include "ports/decision_desk.hpp"
#include "scripted_http.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::test {

class scripted_desk final : public ports::decision_desk {
public:
    explicit scripted_desk(boost::asio::io_context& context);

    const access::review_rules& rules() const noexcept override { return written; }

    boost::asio::awaitable<result<std::optional<ports::shown_request>>> look_up(std::string request_id
    ) override;
    boost::asio::awaitable<result<bool>>
    is_announced_in(std::string service, std::string request_id, std::string conversation) override;
    boost::asio::awaitable<access::decision_outcome> decide(access::decision asked) override;
    void spawn(std::string name, boost::asio::awaitable<void> work) override;
    void listen(std::string name, boost::asio::awaitable<void> work) override;

    // Cancels what listens, as at a stop.
    void stop();

    // From now on look-ups and decisions wait until release().
    void hold();
    void release();

    access::review_rules written;
    result<std::optional<ports::shown_request>> found;
    result<bool> announced{true};
    std::vector<std::string> announced_asked; // "jira REQUEST 10001", of each is_announced_in()
    access::decision_outcome outcome;
    std::vector<access::decision> decisions;
    std::vector<std::string> listening; // the names of what listens
    bool begins_listeners = true;
    int running = 0;

private:
    boost::asio::awaitable<void> pass_gate();

    boost::asio::io_context& context_;
    boost::asio::steady_timer gate_;
    std::deque<boost::asio::cancellation_signal> listeners_;
    bool held_ = false;
};

// Alarms wait for a wake, or, where time is short, end at once.
class short_clock final : public ports::clock {
public:
    explicit short_clock(boost::asio::io_context& context) : patient_(context), context_(context) {}

    instant now() const override { return time; }

    std::unique_ptr<ports::alarm> make_alarm() override;

    instant time{std::chrono::seconds(1'700'000'000)};
    bool is_short = false;

private:
    manual_clock patient_;
    boost::asio::io_context& context_;
};

} // namespace hallpass::test
