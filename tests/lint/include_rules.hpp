// The dependency table (docs/dependency-table.txt), and whether a source file keeps to it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::lint {

struct include_rules {
    using names = std::set<std::string>;

    std::map<std::string, names> folders; // folder -> folders it may include
    std::map<std::string, names>
        libraries; // beginning or pattern of an include -> folders and files that may
};

// Throws, with the line, where the table is not understood.
include_rules parse_include_rules(const std::string& table);

// "net" of "net/client.cpp", "services/slack" of "services/slack/client.cpp", "services" of "services/x.hpp",
// "main.cpp" of itself.
std::string folder_of(std::string_view file);

// One sentence for each #include of the file that the table does not allow. `file` is its path below src.
std::vector<std::string>
forbidden_includes(const include_rules& rules, const std::string& file, const std::string& content);

// The folders on a way by which a folder includes itself; empty where there is none.
std::vector<std::string> cycle(const include_rules& rules);

} // namespace hallpass::lint
