#include "sandbox/stderr_log.hpp"

#include "base/text.hpp"

#include <cstdio>
#include <string>

namespace hallpass::sandbox {

bool stderr_log::enabled(ports::severity level) const noexcept {
    return level == ports::severity::warning || level == ports::severity::error;
}

void stderr_log::write(
    ports::severity level, std::string_view event, std::span<const ports::log_field> fields
) {
    std::string line = level == ports::severity::error ? "error: " : "warning: ";
    line += event;
    for (const ports::log_field& field : fields) {
        line += ' ';
        line += field.key;
        line += "=\"" + one_line(field.value, 500) + '"';
    }
    line += '\n';
    // One call a line keeps the lines of several threads whole.
    std::fputs(line.c_str(), stderr);
}

} // namespace hallpass::sandbox
