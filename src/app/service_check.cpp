#include "app/service_check.hpp"

namespace hallpass::app {

service_health health_of(const result<std::string>& checked) {
    if (checked) {
        return service_health::ready;
    }
    return checked.error().kind() == fault_kind::unauthorised ? service_health::refused
                                                              : service_health::unsure;
}

void log_check(ports::log& out, const std::string& service, const result<std::string>& checked) {
    switch (health_of(checked)) {
    case service_health::ready:
        out.info("service_ready", {{"service", service}, {"as", *checked}});
        break;
    case service_health::refused:
        out.error("service_refused_us", {{"service", service}, {"error", checked.error().text()}});
        break;
    case service_health::unsure:
        if (checked.error().kind() != fault_kind::cancelled) {
            out.warning("service_not_ready", {{"service", service}, {"error", checked.error().text()}});
        }
        break;
    }
}

} // namespace hallpass::app
