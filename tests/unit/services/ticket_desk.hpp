// The desk of a ticket service in a test: answers as it is told to, and what was asked.
#pragma once

#include "ports/decision_desk.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hallpass::test {

class ticket_desk final : public ports::decision_desk {
public:
    // The sample request, announced wherever is asked.
    explicit ticket_desk(boost::asio::io_context& context);

    const access::review_rules& rules() const noexcept override { return written; }

    boost::asio::awaitable<result<std::optional<ports::shown_request>>> look_up(std::string request_id
    ) override;
    boost::asio::awaitable<result<bool>>
    is_announced_in(std::string service, std::string request_id, std::string conversation) override;
    boost::asio::awaitable<access::decision_outcome> decide(access::decision asked) override;
    void spawn(std::string name, boost::asio::awaitable<void> work) override;
    // Not begun.
    void listen(std::string name, boost::asio::awaitable<void> work) override;

    access::review_rules written;
    result<std::optional<ports::shown_request>> found;
    bool announced = true;
    access::decision_outcome outcome;
    std::vector<access::decision> decisions;
    std::vector<std::string> announced_asked; // "jira ID 10001"
    std::vector<std::string> listening;
    int running = 0;

private:
    boost::asio::io_context& context_;
};

} // namespace hallpass::test
