// The sandbox's own log: one line on standard error for each event, warnings and errors only.
#pragma once

#include "ports/log.hpp"

namespace hallpass::sandbox {

class stderr_log final : public ports::log {
public:
    bool enabled(ports::severity level) const noexcept override;
    void
    write(ports::severity level, std::string_view event, std::span<const ports::log_field> fields) override;
};

} // namespace hallpass::sandbox
