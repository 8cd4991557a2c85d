#include "ports/service.hpp"

namespace hallpass::ports {

boost::asio::awaitable<result<std::optional<std::string>>> service::on_call(access::access_request) {
    co_return std::optional<std::string>();
}

} // namespace hallpass::ports
