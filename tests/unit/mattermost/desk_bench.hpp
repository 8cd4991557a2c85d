// A Mattermost service that takes decisions, with a desk that answers from a script.
#pragma once

#include "../services/samples.hpp"
#include "bench.hpp"
#include "ports/decision_desk.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

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
    boost::asio::awaitable<access::decision_outcome> decide(access::decision asked) override;
    void spawn(std::string name, boost::asio::awaitable<void> work) override;
    void listen(std::string name, boost::asio::awaitable<void> work) override;

    // From now on decisions wait until release().
    void hold() { held_ = true; }

    void release();

    access::review_rules written;
    result<std::optional<ports::shown_request>> found;
    access::decision_outcome outcome;
    std::vector<access::decision> decisions;

private:
    boost::asio::io_context& context_;
    boost::asio::steady_timer gate_;
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

// As the Mattermost server makes it.
std::string trigger_for(std::string_view user, instant issued);

struct desk_bench {
    // Made so much later than others.
    explicit desk_bench(std::chrono::seconds later = {});

    // The card as it was posted into the channel.
    boost::json::object posted_card();
    // What the server sends of a press on it.
    boost::json::object click_on(std::string_view action, std::string_view user);
    // What it sends of the form that was opened last.
    boost::json::object form_of(std::string_view user, boost::json::object values);

    ports::callback_response click(const boost::json::object& body);
    ports::callback_response submit(const boost::json::object& body);
    ports::callback_response post(std::size_t route, std::string body);

    // What the server answers until the form is open, and of who sends it.
    void expect_click();
    void expect_account(std::string_view user, std::string more = R"("roles":"system_user","delete_at":0)");
    // Until nothing is left to do.
    void settle();
    std::vector<std::string> calls() const; // "POST posts"

    service_bench around;
    short_clock time;
    scripted_desk desk;
    services::mattermost::mattermost_service mattermost;
    std::vector<ports::callback_route> routes;

private:
    static ports::service_environment environment(desk_bench& all, std::chrono::seconds later);
};

} // namespace hallpass::test
