// What happened, for the operator: an event with named fields. Where it goes and how it looks is ops'.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace hallpass::ports {

enum class severity { debug, info, warning, error };

struct log_field {
    std::string_view key;
    std::string value;
};

// Thread-safe. Values may hold anything: the sink escapes control characters. No secret ever comes here.
class log {
public:
    virtual ~log() = default;

    virtual bool enabled(severity level) const noexcept = 0;
    virtual void write(severity level, std::string_view event, std::span<const log_field> fields) = 0;

    void debug(std::string_view event, std::initializer_list<log_field> fields = {}) {
        write_if_enabled(severity::debug, event, fields);
    }

    void info(std::string_view event, std::initializer_list<log_field> fields = {}) {
        write_if_enabled(severity::info, event, fields);
    }

    void warning(std::string_view event, std::initializer_list<log_field> fields = {}) {
        write_if_enabled(severity::warning, event, fields);
    }

    void error(std::string_view event, std::initializer_list<log_field> fields = {}) {
        write_if_enabled(severity::error, event, fields);
    }

private:
    void write_if_enabled(severity level, std::string_view event, std::initializer_list<log_field> fields) {
        if (enabled(level)) {
            write(level, event, std::span<const log_field>(fields.begin(), fields.size()));
        }
    }
};

} // namespace hallpass::ports
