#include "ports/decision_desk.hpp"

namespace hallpass::ports {

boost::asio::awaitable<result<bool>> decision_desk::is_announced_in(std::string, std::string, std::string) {
    co_return fault(fault_kind::unsupported, "nobody keeps where a request was announced");
}

} // namespace hallpass::ports
