#include "services/call_faults.hpp"

#include <string>
#include <utility>

namespace hallpass::services {

namespace json = boost::json;

fault failed_call(const fault& failed, std::string_view name, bool makes) {
    fault named = failed.in(std::string(name));
    if (named.kind() != fault_kind::malformed) {
        return named;
    }
    fault again(fault_kind::transient, named.text());
    again.set_uncertain(makes);
    return again;
}

result<json::object> only_object(result<json::value> reply, std::string_view name, bool makes) {
    if (reply.has_error()) {
        return reply.error();
    }
    if (!reply->is_object()) {
        fault odd(fault_kind::transient, std::string(name) + ": the answer is no object");
        odd.set_uncertain(makes);
        return odd;
    }
    return std::move(reply->get_object());
}

} // namespace hallpass::services
