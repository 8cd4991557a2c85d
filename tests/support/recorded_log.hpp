// A log that a test can read.
#pragma once

#include "ports/log.hpp"

#include <string>
#include <vector>

namespace hallpass::test {

class recorded_log final : public ports::log {
public:
    bool enabled(ports::severity) const noexcept override { return true; }

    void
    write(ports::severity level, std::string_view event, std::span<const ports::log_field> fields) override {
        std::string line(event);
        for (const ports::log_field& field : fields) {
            line += " " + std::string(field.key) + "=" + field.value;
        }
        lines.push_back(std::move(line));
        if (level == ports::severity::error) {
            ++errors;
        }
    }

    bool has(std::string_view text) const {
        for (const std::string& line : lines) {
            if (line.find(text) != std::string::npos) {
                return true;
            }
        }
        return false;
    }

    std::vector<std::string> lines;
    int errors = 0;
};

} // namespace hallpass::test
