#include "teleport/enrich/enricher.hpp"

#include <utility>

namespace hallpass::teleport::enrich {

enricher::enricher(
    boost::asio::any_io_executor executor, session_slot& sessions, ports::clock& time, ports::log& out
)
    : sessions_(sessions),
      refused_(out),
      logins_(std::move(executor), time, refused_),
      names_(time, refused_) {}

boost::asio::awaitable<access::access_request>
enricher::enrich(access::access_request request, std::chrono::steady_clock::time_point until) {
    const std::shared_ptr<session> on = sessions_.current();
    if (!on) {
        co_return request;
    }
    if (!request.roles.empty()) {
        request.logins_by_role = co_await logins_.look_up(on, request.user, request.roles, until);
    }
    if (!request.resources.empty()) {
        request.resources = co_await names_.look_up(on, request.resources, until);
    }
    co_return request;
}

} // namespace hallpass::teleport::enrich
