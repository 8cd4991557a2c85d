// What was logged, kept for the test to look at.
#pragma once

#include "ports/log.hpp"

#include <string>
#include <vector>

namespace hallpass::test {

class captured_log final : public ports::log {
public:
    bool enabled(ports::severity /*level*/) const noexcept override { return true; }

    void
    write(ports::severity level, std::string_view event, std::span<const ports::log_field> fields) override {
        std::string line = level == ports::severity::error ? "error " : "";
        line += event;
        for (const ports::log_field& field : fields) {
            line.append(" ").append(field.key).append("=").append(field.value);
        }
        lines.push_back(line);
    }

    bool has(std::string_view part) const {
        for (const std::string& line : lines) {
            if (line.find(part) != std::string::npos) {
                return true;
            }
        }
        return false;
    }

    std::vector<std::string> lines;
};

} // namespace hallpass::test
