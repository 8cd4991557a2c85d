// docs/services.md shows every service there is.
#include "app/services.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

using namespace hallpass;

namespace {

// The first cells of each table's rows.
std::vector<std::string> tables_of(const std::string& page) {
    std::vector<std::string> tables;
    std::istringstream lines(page);
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        const bool is_row = line.starts_with('|');
        if (is_row && !inside) {
            tables.emplace_back();
        }
        if (is_row) {
            tables.back() += line.substr(0, line.find('|', 1)) + '\n';
        }
        inside = is_row;
    }
    return tables;
}

} // namespace

TEST_CASE("every service has a row in each table of docs/services.md") {
    const std::string page = test::read_file(HALLPASS_SOURCE_ROOT "/docs/services.md");
    const std::vector<std::string> tables = tables_of(page);
    REQUIRE(tables.size() == 3);
    for (const ports::service_kind* kind : app::service_kinds()) {
        for (const std::string& rows : tables) {
            INFO("a row for `" << kind->name << "` in docs/services.md, in the table with\n" << rows);
            CHECK(rows.find('`' + std::string(kind->name) + '`') != std::string::npos);
        }
    }
}
