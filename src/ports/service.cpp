#include "ports/service.hpp"

namespace hallpass::ports {

boost::asio::awaitable<result<std::optional<std::string>>> service::on_call(access::access_request) {
    co_return std::optional<std::string>();
}

boost::asio::awaitable<result<std::string>> service::uninstall(std::string) {
    co_return fault(fault_kind::unsupported, "this service installs nothing for its recipients");
}

} // namespace hallpass::ports
