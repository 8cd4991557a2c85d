#include "ops/log.hpp"
#include "ops/log_line.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

using namespace hallpass;
using namespace hallpass::ops;

namespace {

const instant at{std::chrono::milliseconds{1772357400123}};

std::string content_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

} // namespace

TEST_CASE("an event is one line of text, its values quoted where they need it") {
    const ports::log_field fields[] = {
        {"service", "slack"}, {"recipient", "#access requests"}, {"reason", ""}};
    CHECK(
        text_line(at, ports::severity::info, "message_posted", fields) ==
        "2026-03-01T09:30:00.123Z INFO message_posted service=slack recipient=\"#access requests\" "
        "reason=\"\""
    );
}

TEST_CASE("a hostile value can't begin a line, colour the terminal or forge a field") {
    const ports::log_field fields[] = {{"reason", "x\n2026 INFO forged a=b \x1b[31m \"q\" \xff"}};
    const std::string line = text_line(at, ports::severity::warning, "e", fields);
    CHECK(
        line == "2026-03-01T09:30:00.123Z WARNING e reason=\"x\\n2026 INFO forged a=b \\x1b[31m \\\"q\\\" "
                "\xEF\xBF\xBD\""
    );
}

TEST_CASE("an event is one JSON object") {
    const ports::log_field fields[] = {{"error", "a \"b\"\n"}};
    CHECK(
        json_line(at, ports::severity::error, "task_failed", fields) ==
        R"({"time":"2026-03-01T09:30:00.123Z","level":"error","event":"task_failed","error":"a \"b\"\n"})"
    );
}

TEST_CASE("a log file is appended to, and events below the severity are left out") {
    const auto path = std::filesystem::temp_directory_path() / ("hallpass-log-" + std::to_string(::getpid()));
    std::ofstream(path) << "before\n";
    log_options options;
    options.output = log_output::file;
    options.path = path.string();
    {
        const auto log = make_log(options);
        REQUIRE(log.has_value());
        (*log)->debug("not_this");
        (*log)->info("this", {{"key", "value"}});
    }
    const std::string content = content_of(path);
    std::filesystem::remove(path);
    CHECK(content.starts_with("before\n"));
    CHECK(content.find(" INFO this key=value\n") != std::string::npos);
    CHECK(content.find("not_this") == std::string::npos);
}

TEST_CASE("a log file that can't be opened is named in the error") {
    log_options options;
    options.output = log_output::file;
    options.path = "/proc/no/such/file.log";
    const auto log = make_log(options);
    REQUIRE_FALSE(log.has_value());
    CHECK(log.error().text().find("/proc/no/such/file.log") != std::string::npos);
}
