#include "base/fault.hpp"

#include <stdexcept>
#include <utility>

namespace hallpass {

std::string_view to_string(fault_kind kind) noexcept {
    switch (kind) {
    case fault_kind::transient:
        return "transient";
    case fault_kind::rate_limited:
        return "rate_limited";
    case fault_kind::unauthorised:
        return "unauthorised";
    case fault_kind::conflict:
        return "conflict";
    case fault_kind::not_found:
        return "not_found";
    case fault_kind::permanent:
        return "permanent";
    case fault_kind::malformed:
        return "malformed";
    case fault_kind::unsupported:
        return "unsupported";
    case fault_kind::cancelled:
        return "cancelled";
    case fault_kind::bug:
        return "bug";
    }
    return "unknown";
}

bool is_refusal(fault_kind kind) noexcept {
    switch (kind) {
    case fault_kind::unauthorised:
    case fault_kind::not_found:
    case fault_kind::permanent:
    case fault_kind::unsupported:
    case fault_kind::bug:
        return true;
    case fault_kind::transient:
    case fault_kind::rate_limited:
    case fault_kind::conflict:
    case fault_kind::malformed:
    case fault_kind::cancelled:
        return false;
    }
    return false;
}

fault::fault(fault_kind kind, std::string text) : kind_(kind), text_(std::move(text)) {}

fault& fault::set_retry_after(std::chrono::milliseconds wait) noexcept {
    retry_after_ = wait;
    return *this;
}

fault& fault::set_uncertain(bool uncertain) noexcept {
    uncertain_ = uncertain;
    return *this;
}

fault fault::in(std::string_view context) const {
    fault led = *this;
    led.text_.insert(0, ": ").insert(0, context);
    return led;
}

void throw_exception_from_error(const fault& error, const boost::source_location& where) {
    throw std::logic_error(
        std::string("value() of a failed result at ") + where.file_name() + ":" +
        std::to_string(where.line()) + ": " + error.text()
    );
}

} // namespace hallpass
