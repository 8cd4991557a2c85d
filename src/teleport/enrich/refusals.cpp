#include "teleport/enrich/refusals.hpp"

#include "ports/log.hpp"

#include <chrono>

namespace hallpass::teleport::enrich {

namespace {

constexpr std::chrono::minutes refusal_lasts{5};

} // namespace

bool refusals::is_refused(const std::string& call, instant now) const {
    const auto at = calls_.find(call);
    return at != calls_.end() && now < at->second.until;
}

void refusals::failed(const std::string& call, const fault& why, instant now) {
    if (why.kind() == fault_kind::cancelled) {
        return;
    }
    memory& known = calls_[call];
    if (why.kind() == fault_kind::unsupported || why.kind() == fault_kind::unauthorised) {
        known.until = now + refusal_lasts;
    }
    if (!known.told) {
        known.told = true;
        out_.warning("details_missing", {{"call", call}, {"reason", why.text()}});
    }
}

void refusals::succeeded(const std::string& call) {
    calls_.erase(call);
}

} // namespace hallpass::teleport::enrich
