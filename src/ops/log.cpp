#include "ops/log.hpp"

#include "base/text.hpp"
#include "ops/log_line.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#ifdef HALLPASS_SYSTEMD
#include <systemd/sd-journal.h>

#include <sys/uio.h>
#include <syslog.h>
#endif

#include <chrono>
#include <exception>
#include <utility>
#include <vector>

namespace hallpass::ops {

namespace {

class line_log final : public ports::log {
public:
    line_log(spdlog::sink_ptr sink, const log_options& options)
        : logger_("hallpass", std::move(sink)), least_(options.least), format_(options.format) {
        logger_.set_pattern("%v");
        logger_.set_level(spdlog::level::trace);
        logger_.flush_on(spdlog::level::trace);
    }

    bool enabled(ports::severity level) const noexcept override { return level >= least_; }

    void
    write(ports::severity level, std::string_view event, std::span<const ports::log_field> fields) override {
        const auto now =
            std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
        const std::string line = format_ == log_format::json ? json_line(now, level, event, fields)
                                                             : text_line(now, level, event, fields);
        logger_.log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
    }

private:
    spdlog::logger logger_;
    ports::severity least_;
    log_format format_;
};

#ifdef HALLPASS_SYSTEMD

int priority_of(ports::severity level) noexcept {
    switch (level) {
    case ports::severity::debug:
        return LOG_DEBUG;
    case ports::severity::info:
        return LOG_INFO;
    case ports::severity::warning:
        return LOG_WARNING;
    case ports::severity::error:
        return LOG_ERR;
    }
    return LOG_NOTICE;
}

// Every field of an event is a field of the entry: journalctl HALLPASS_REQUEST_ID=… finds a request's whole
// life.
class journal_log final : public ports::log {
public:
    explicit journal_log(ports::severity least) : least_(least) {}

    bool enabled(ports::severity level) const noexcept override { return level >= least_; }

    void
    write(ports::severity level, std::string_view event, std::span<const ports::log_field> fields) override {
        std::vector<std::string> entries;
        entries.push_back("PRIORITY=" + std::to_string(priority_of(level)));
        entries.emplace_back("SYSLOG_IDENTIFIER=hallpass");
        std::string message(event);
        for (const ports::log_field& field : fields) {
            message += " " + std::string(field.key) + "=" + one_line(field.value);
            std::string entry = "HALLPASS_";
            for (const char c : field.key) {
                entry += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            }
            entries.push_back(entry + "=" + valid_utf8(field.value));
        }
        entries.push_back("MESSAGE=" + message);
        std::vector<iovec> parts;
        for (std::string& entry : entries) {
            parts.push_back({entry.data(), entry.size()});
        }
        sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
    }

private:
    ports::severity least_;
};

#endif

result<std::unique_ptr<ports::log>> make_journal_log(const log_options& options) {
#ifdef HALLPASS_SYSTEMD
    return std::unique_ptr<ports::log>(std::make_unique<journal_log>(options.least));
#else
    static_cast<void>(options);
    return fault(
        fault_kind::permanent,
        "log.output: this build has no journal support; use \"stderr\", which systemd collects too"
    );
#endif
}

} // namespace

result<std::unique_ptr<ports::log>> make_log(const log_options& options) {
    spdlog::sink_ptr sink;
    switch (options.output) {
    case log_output::journal:
        return make_journal_log(options);
    case log_output::standard_output:
        sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
        break;
    case log_output::standard_error:
        sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        break;
    case log_output::file:
        try {
            sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.path);
        } catch (const std::exception& error) {
            return fault(
                fault_kind::permanent,
                "log.output: can't open " + options.path + ": " + one_line(error.what())
            );
        }
        break;
    }
    return std::unique_ptr<ports::log>(std::make_unique<line_log>(std::move(sink), options));
}

} // namespace hallpass::ops
