// A log whose target can be replaced while everybody holds it: a reload changes where events go.
#pragma once

#include "ports/log.hpp"

#include <atomic>
#include <memory>

namespace hallpass::ops {

class forwarding_log final : public ports::log {
public:
    // Never null. What is being written meanwhile still goes to the former target.
    void forward_to(std::shared_ptr<ports::log> target) noexcept { target_ = std::move(target); }

    // False, and nothing is written, as long as there is no target.
    bool enabled(ports::severity level) const noexcept override;
    void
    write(ports::severity level, std::string_view event, std::span<const ports::log_field> fields) override;

private:
    std::atomic<std::shared_ptr<ports::log>> target_;
};

} // namespace hallpass::ops
