#include "services/request_look_up.hpp"

#include <utility>

namespace hallpass::services {

namespace {

boost::asio::awaitable<void>
look_up(ports::decision_desk& desk, std::shared_ptr<request_look_up> run, std::string request_id) {
    auto found = co_await desk.look_up(std::move(request_id));
    run->give(std::move(found));
}

} // namespace

std::shared_ptr<request_look_up>
look_up_request(ports::decision_desk& desk, ports::clock& time, std::string name, std::string request_id) {
    auto run = std::make_shared<request_look_up>(time);
    desk.spawn(std::move(name), look_up(desk, run, std::move(request_id)));
    return run;
}

bool asks_to_confirm(
    const access::review_rules& rules, access::verdict what, const ports::shown_request* found
) {
    const bool sensitive =
        found ? access::needs_confirmation(rules, found->request) : !rules.confirm_roles.empty();
    return what == access::verdict::approve && sensitive;
}

} // namespace hallpass::services
