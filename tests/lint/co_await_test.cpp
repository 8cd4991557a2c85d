#include "support/process.hpp"
#include "support/skip.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>
#include <string>

using namespace hallpass;

namespace {

const std::string folder = std::string(HALLPASS_SOURCE_ROOT) + "/tests/lint/";

struct report {
    int exit_status;
    std::set<int> lines;
    std::string text;
};

report check(const std::string& sample) {
    test::process lint(
        {"python3", folder + "co_await.py", folder + "samples/" + sample, "--", "-std=c++20"}, {}, folder
    );
    const int exit_status = lint.wait(std::chrono::seconds(60));
    report found{exit_status, {}, lint.standard_output() + lint.standard_error()};
    const std::string start = "samples/" + sample + ":";
    std::istringstream lines(found.text);
    for (std::string line; std::getline(lines, line);) {
        const auto at = line.find(start);
        if (found.exit_status == 1 && at != std::string::npos) {
            found.lines.insert(std::stoi(line.substr(at + start.size())));
        }
    }
    return found;
}

// The lines of the sample that end with the mark.
std::set<int> marked_lines(const std::string& sample) {
    std::set<int> marked;
    std::istringstream lines(test::read_file(folder + "samples/" + sample));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (line.ends_with("; // flagged")) {
            marked.insert(number);
        }
    }
    return marked;
}

bool can_run() {
    if (test::find_program("clang-query-16").empty()) {
        test::skip("clang-query-16 is not installed (./dev deps --dev installs it)");
        return false;
    }
    return true;
}

} // namespace

TEST_CASE("the co_await rule reports what g++ 12 miscompiles, and nothing else") {
    if (!can_run()) {
        return;
    }
    const report found = check("flagged.cpp");
    CAPTURE(found.text);
    CHECK(found.exit_status == 1);
    CHECK((found.lines == marked_lines("flagged.cpp")));
    CHECK(found.lines.size() >= 15);
}

TEST_CASE("the co_await rule leaves alone what g++ 12 compiles correctly") {
    if (!can_run()) {
        return;
    }
    const report found = check("clean.cpp");
    CAPTURE(found.text);
    CHECK(found.exit_status == 0);
    CHECK(found.lines.empty());
}

TEST_CASE("a file that can't be read is an error of the check, not a clean file") {
    if (!can_run()) {
        return;
    }
    const report found = check("no-such-file.cpp");
    CHECK(found.exit_status == 2);
}
