// One test case for each row and case, named "slack: two recipients".
#include "cases.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

namespace hallpass::test::conformance {

namespace {

struct run {
    const service_row* row = nullptr;
    const conformance_case* what = nullptr;
};

std::map<std::string, run, std::less<>>& runs() {
    static std::map<std::string, run, std::less<>> all;
    return all;
}

// In the order of their running. The last starts hallpass anew, and people's clicks count only a second after
// that.
std::array<std::span<const conformance_case>, 4> all_cases() {
    return {telling_cases(), failure_cases(), decision_cases(), credential_cases()};
}

// The programs of the row that is at work: cases come row by row.
stage& stage_of(const service_row& row) {
    static std::unique_ptr<stage> now;
    if (!now || &now->row != &row) {
        now.reset();
        now = std::make_unique<stage>(row);
    }
    now->mend();
    return *now;
}

void run_current() {
    const run& one = runs().at(doctest::getContextOptions()->currentTest->m_name);
    one.what->run(stage_of(*one.row));
}

// Waiting is most of the work, so parts run beside each other: CONFORMANCE_PART is "1 of 4".
bool is_of_this_part(std::size_t row) {
    const char* const wanted = std::getenv("CONFORMANCE_PART");
    if (wanted == nullptr) {
        return true;
    }
    std::istringstream words(wanted);
    std::size_t part = 0;
    std::string of;
    std::size_t parts = 0;
    words >> part >> of >> parts;
    if (part < 1 || part > parts) {
        throw std::invalid_argument("CONFORMANCE_PART is no \"1 of 4\": " + std::string(wanted));
    }
    return row % parts == part - 1;
}

// What TEST_CASE expands to: doctest has nothing public for test cases that come from a table.
bool register_all() {
    static const doctest::detail::TestSuite suite{};
    unsigned order = 0; // as the line, by which doctest sorts
    for (std::size_t index = 0; index < rows().size(); ++index) {
        const service_row& row = rows()[index];
        if (!is_of_this_part(index)) {
            continue;
        }
        for (const auto& cases : all_cases()) {
            for (const conformance_case& one : cases) {
                if (row.without.contains(one.name)) {
                    continue;
                }
                const auto [name, is_new] =
                    runs().emplace(row.name + ": " + std::string(one.name), run{&row, &one});
                doctest::detail::regTest(
                    doctest::detail::TestCase(run_current, __FILE__, ++order, suite) * name->first.c_str()
                );
            }
        }
    }
    return true;
}

const bool registered = register_all();

TEST_CASE("what a row leaves out is a case of the suite, with a reason") {
    std::set<std::string, std::less<>> names;
    for (const auto& cases : all_cases()) {
        for (const conformance_case& one : cases) {
            names.emplace(one.name);
        }
    }
    for (const service_row& row : rows()) {
        CAPTURE(row.name);
        for (const auto& [left_out, why] : row.without) {
            CAPTURE(left_out);
            CHECK(names.contains(left_out));
            CHECK_FALSE(why.empty());
        }
        CHECK((row.decide == nullptr) == row.without.contains("decision"));
    }
}

} // namespace

} // namespace hallpass::test::conformance
