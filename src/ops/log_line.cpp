#include "ops/log_line.hpp"

#include "base/text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace hallpass::ops {

namespace {

std::string time_of(instant at) {
    std::string text = to_rfc3339(at);
    const auto milliseconds = at.time_since_epoch().count() % 1000;
    text.insert(
        text.size() - 1, fmt::format(".{:03}", milliseconds < 0 ? milliseconds + 1000 : milliseconds)
    );
    return text;
}

bool needs_quotes(std::string_view value) noexcept {
    return value.empty() || std::any_of(value.begin(), value.end(), [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return byte <= 0x20 || byte == 0x7F || c == '"' || c == '=' || c == '\\';
           });
}

void append_value(std::string& line, std::string_view value) {
    if (!needs_quotes(value)) {
        line += value;
        return;
    }
    line += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (c == '\n') {
            line += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            line += fmt::format("\\x{:02x}", byte);
        } else {
            line += c;
        }
    }
    line += '"';
}

std::string_view name_in_capitals(ports::severity level) noexcept {
    switch (level) {
    case ports::severity::debug:
        return "DEBUG";
    case ports::severity::info:
        return "INFO";
    case ports::severity::warning:
        return "WARNING";
    case ports::severity::error:
        return "ERROR";
    }
    return "?";
}

} // namespace

std::string_view to_string(ports::severity level) noexcept {
    switch (level) {
    case ports::severity::debug:
        return "debug";
    case ports::severity::info:
        return "info";
    case ports::severity::warning:
        return "warning";
    case ports::severity::error:
        return "error";
    }
    return "?";
}

std::string text_line(
    instant at, ports::severity level, std::string_view event, std::span<const ports::log_field> fields
) {
    std::string line = fmt::format("{} {} {}", time_of(at), name_in_capitals(level), event);
    for (const ports::log_field& field : fields) {
        line += ' ';
        line += field.key;
        line += '=';
        append_value(line, valid_utf8(field.value));
    }
    return line;
}

std::string json_line(
    instant at, ports::severity level, std::string_view event, std::span<const ports::log_field> fields
) {
    boost::json::object line;
    line["time"] = time_of(at);
    line["level"] = to_string(level);
    line["event"] = event;
    for (const ports::log_field& field : fields) {
        line[field.key] = valid_utf8(field.value);
    }
    return boost::json::serialize(line);
}

} // namespace hallpass::ops
