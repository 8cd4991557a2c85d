#include "ticket_desk.hpp"

#include "samples.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace hallpass::test {

namespace asio = boost::asio;

ticket_desk::ticket_desk(asio::io_context& context) : context_(context) {
    ports::shown_request shown{sample_request(), approver_card(sample_request())};
    found = std::optional<ports::shown_request>(std::move(shown));
}

asio::awaitable<result<std::optional<ports::shown_request>>> ticket_desk::look_up(std::string) {
    co_return found;
}

asio::awaitable<result<bool>>
ticket_desk::is_announced_in(std::string service, std::string request_id, std::string conversation) {
    announced_asked.push_back(service + ' ' + request_id + ' ' + conversation);
    co_return announced;
}

asio::awaitable<access::decision_outcome> ticket_desk::decide(access::decision asked) {
    decisions.push_back(std::move(asked));
    co_return outcome;
}

void ticket_desk::spawn(std::string, asio::awaitable<void> work) {
    ++running;
    asio::co_spawn(context_, std::move(work), [this](const std::exception_ptr& thrown) {
        --running;
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    });
}

void ticket_desk::listen(std::string name, asio::awaitable<void>) {
    listening.push_back(std::move(name));
}

} // namespace hallpass::test
