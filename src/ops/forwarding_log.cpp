#include "ops/forwarding_log.hpp"

namespace hallpass::ops {

bool forwarding_log::enabled(ports::severity level) const noexcept {
    const std::shared_ptr<ports::log> target = target_;
    return target && target->enabled(level);
}

void forwarding_log::write(
    ports::severity level, std::string_view event, std::span<const ports::log_field> fields
) {
    const std::shared_ptr<ports::log> target = target_;
    if (target) {
        target->write(level, event, fields);
    }
}

} // namespace hallpass::ops
