#include "base/text.hpp"
#include "config/sections.hpp"

#include <array>

namespace hallpass::config {

namespace {

template <class T, std::size_t Size>
std::optional<T>
value_named(const std::array<std::pair<std::string_view, T>, Size>& names, std::string_view wanted) {
    const std::string name = lower_case(wanted);
    for (const auto& [known, value] : names) {
        if (known == name) {
            return value;
        }
    }
    return std::nullopt;
}

// upstream-messaging 1.11
constexpr std::array<std::pair<std::string_view, log_output>, 8> outputs{{
    {"stderr", log_output::standard_error},
    {"error", log_output::standard_error},
    {"2", log_output::standard_error},
    {"stdout", log_output::standard_output},
    {"out", log_output::standard_output},
    {"1", log_output::standard_output},
    {"", log_output::standard_output},
    {"journal", log_output::journal},
}};

constexpr std::array<std::pair<std::string_view, ports::severity>, 7> severities{{
    {"trace", ports::severity::debug},
    {"debug", ports::severity::debug},
    {"info", ports::severity::info},
    {"warn", ports::severity::warning},
    {"warning", ports::severity::warning},
    {"err", ports::severity::error},
    {"error", ports::severity::error},
}};

constexpr std::array<std::pair<std::string_view, log_format>, 2> formats{{
    {"text", log_format::text},
    {"json", log_format::json},
}};

std::string found_instead(std::string_view value) {
    return ", found \"" + one_line(value, 60) + '"';
}

void read_output(settings& own, log_section& into) {
    if (!own.names("output")) {
        return;
    }
    const std::string written = own.text("output").value_or("");
    if (const auto known = value_named(outputs, written)) {
        into.output = *known;
        return;
    }
    into.output = log_output::file;
    into.path = written;
    if (written.find('/') == std::string::npos) {
        own.warning(
            "output", "is taken as the name of a file in the working directory" + found_instead(written)
        );
    }
}

} // namespace

log_section read_log(settings& all) {
    log_section read;
    auto own = all.table("log");
    if (!own) {
        return read;
    }
    read_output(*own, read);
    if (const auto written = own->text("severity")) {
        if (const auto severity = value_named(severities, *written)) {
            read.severity = *severity;
        } else {
            own->error("severity", "must be debug, info, warning or error" + found_instead(*written));
        }
    }
    if (const auto written = own->text("format")) {
        if (const auto format = value_named(formats, *written)) {
            read.format = *format;
        } else {
            own->error("format", "must be text or json" + found_instead(*written));
        }
    }
    return read;
}

uncertain_policy read_on_uncertain(settings& all) {
    constexpr std::array<std::pair<std::string_view, uncertain_policy>, 2> policies{{
        {"resend", uncertain_policy::resend},
        {"skip", uncertain_policy::skip},
    }};
    const auto written = all.text("on_uncertain");
    if (!written) {
        return uncertain_policy::resend;
    }
    const auto policy = value_named(policies, *written);
    if (!policy) {
        all.error("on_uncertain", "must be \"resend\" or \"skip\"" + found_instead(*written));
    }
    return policy.value_or(uncertain_policy::resend);
}

} // namespace hallpass::config
